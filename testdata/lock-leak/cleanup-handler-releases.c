/* The handler that gives the lock back is a library function, called through a pointer. */
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void *work(void *argument) {
  pthread_cleanup_push((void (*)(void *))(void *)pthread_mutex_unlock, &mu);
  pthread_mutex_lock(&mu);
  if (!argument)
    pthread_exit(0); /* runs the handler */
  ++total;
  pthread_cleanup_pop(1);
  pthread_mutex_lock(&mu);
  ++total;
  pthread_mutex_unlock(&mu);
  return 0;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, work, &total);
  pthread_create(&second, 0, work, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return total;
}
