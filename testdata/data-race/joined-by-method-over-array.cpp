// Threads in an array member: one method starts them in a loop, another joins them.
#include <pthread.h>

static int total, early;
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *) {
  pthread_mutex_lock(&mu);
  total++;
  early++;
  pthread_mutex_unlock(&mu);
  return nullptr;
}

struct Crew {
  pthread_t members[4];
  void start() {
    for (int i = 0; i < 4; i++)
      pthread_create(&members[i], nullptr, work, nullptr);
  }
  void join() {
    for (int i = 0; i < 4; i++)
      pthread_join(members[i], nullptr);
  }
};

int main() {
  Crew crew;
  crew.start();
  early = 0; // expect: data-race "early"
  crew.join();
  return total;
}
