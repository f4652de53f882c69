// C lets a function without a prototype be called with any arguments, so its calls do not say which lock it takes.
#include <pthread.h>

struct Gate;
extern struct Gate gate;
void gate_lock();
void gate_unlock();

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int hits, misses;

void open_twice(void) { gate_lock(); }

static void *work(void *argument) {
  gate_lock(&gate);
  pthread_mutex_lock(&mutex);
  hits++;
  pthread_mutex_unlock(&mutex);
  gate_unlock(&gate);
  misses++; // expect: data-race "misses"
  return argument;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, work, 0);
  pthread_create(&second, 0, work, 0);
  open_twice();
  pthread_join(first, 0);
  pthread_join(second, 0);
  return hits + misses;
}
