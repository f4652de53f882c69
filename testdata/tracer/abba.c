// abba.c: two threads take two mutexes in opposite orders; it happens not to hang.
// finds: lock-order-inversion
// exit: 3
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
  take(&a);
  drop(&a);
  drop(&b);
  return unused;
}

int main(void) {
  both(forward, backward);
  return 3;
}
