// create-ordered.c: the creator takes its order before it makes the thread with the other one.
// pruned: ordered
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
  join(start(backward));
}
