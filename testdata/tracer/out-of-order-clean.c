// out-of-order-clean.c: after a hand-over-hand release the first lock is not held any more.
#include "program.h"

MUTEX(a);
MUTEX(b);
MUTEX(c);
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&a);
  take(&c);
  drop(&b);
  drop(&c);
  return unused;
}
static void *other(void *unused) {
  pauseMs(60);
  take(&c);
  take(&a); // with a -> c this would be a cycle
  drop(&a);
  drop(&c);
  return unused;
}
int main(void) { both(forward, other); }
