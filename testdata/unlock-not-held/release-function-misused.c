/* release-function-misused.c: a function that releases the lock it is given is called without it: the call is to blame. */
#include <pthread.h>
#include <stdlib.h>

struct lock {
  pthread_mutex_t mu;
};

static void lock_release(struct lock *lock) { pthread_mutex_unlock(&lock->mu); }

int main(void) {
  struct lock *lock = malloc(sizeof *lock);
  if (!lock)
    return 1;
  pthread_mutex_init(&lock->mu, 0);
  lock_release(lock); // expect: unlock-not-held
  pthread_mutex_destroy(&lock->mu);
  free(lock);
  return 0;
}
