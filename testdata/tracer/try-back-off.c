// try-back-off.c: the second order is tried only, and given up when busy.
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
  take(&b);
  if (pthread_mutex_trylock(&a) == 0)
    drop(&a);
  drop(&b);
  return unused;
}
int main(void) { both(forward, backward); }
