// pthread_mutex_trylock on a held mutex returns EBUSY instead of waiting for ever.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void report(void) {
  if (pthread_mutex_trylock(&lock) == 0) {
    puts("free");
    pthread_mutex_unlock(&lock);
  } else {
    puts("busy");
  }
}

int main(void) {
  pthread_mutex_lock(&lock);
  report();
  pthread_mutex_unlock(&lock);
  return 0;
}
