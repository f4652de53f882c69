// create-not-ordered.c: as create-ordered.c, but the creator does it again while the thread runs.
// finds: lock-order-inversion
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
  forward(0);
  pthread_t thread = start(backward);
  forward(0);
  join(thread);
}
