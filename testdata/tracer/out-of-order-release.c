// out-of-order-release.c: locks are released in the order in which they were taken.
// finds: lock-order-inversion
#include "program.h"

MUTEX(a);
MUTEX(b);
MUTEX(c);
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&a);
  take(&c); // b -> c, not a -> c
  drop(&b);
  drop(&c);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(60);
  take(&c);
  take(&b);
  drop(&b);
  drop(&c);
  return unused;
}
int main(void) { both(forward, backward); }
