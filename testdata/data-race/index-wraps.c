// The index wraps around: two threads can get the same slot one round apart.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int next;
static double results[100];

static void *work(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    int mine = next;
    next = (next + 1) % 4;
    pthread_mutex_unlock(&lock);
    if (mine < 0)
      return unused;
    results[mine] = mine * 0.5; // expect: data-race
  }
}

int main(void) {
  pthread_t first, second;
  if (pthread_create(&first, NULL, work, NULL) != 0)
    return 1;
  if (pthread_create(&second, NULL, work, NULL) != 0)
    return 1;
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
