// cancelled-hang.c: a thread is cancelled in a condition wait; its clean-up takes another lock with the mutex held, and hangs.
// finds: lock-order-inversion
// hangs
#include "program.h"

MUTEX(mutex);
MUTEX(other);
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static void takeOther(void *unused) {
  (void)unused;
  pthread_barrier_wait(&barrier);
  pauseMs(20);
  take(&other);
}
static void *waitForCondition(void *unused) {
  take(&mutex);
  pthread_cleanup_push(takeOther, 0);
  for (;;)
    pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(0);
  return unused;
}
static void *takeBoth(void *unused) {
  take(&other);
  pthread_barrier_wait(&barrier);
  take(&mutex);
  return unused;
}
int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  pthread_t waiter = start(waitForCondition);
  pauseMs(60);
  pthread_cancel(waiter);
  join(start(takeBoth));
}
