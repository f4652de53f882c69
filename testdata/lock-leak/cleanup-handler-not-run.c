/* The handler is taken off without being called, and nobody else gives the lock back. */
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void *work(void *argument) {
  pthread_cleanup_push((void (*)(void *))(void *)pthread_mutex_unlock, &mu);
  pthread_mutex_lock(&mu); // expect: lock-leak
  total += argument != 0;
  pthread_cleanup_pop(0);
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, &total);
  pthread_join(thread, 0);
  return total;
}
