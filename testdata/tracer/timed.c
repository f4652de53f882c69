// timed.c: one order waits for a limited time only.
// pruned: bounded-wait
#include "program.h"

MUTEX(a);
MUTEX(b);
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(60);
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 1;
  take(&b);
  if (pthread_mutex_timedlock(&a, &until) == 0)
    drop(&a);
  drop(&b);
  return unused;
}
int main(void) { both(forward, backward); }
