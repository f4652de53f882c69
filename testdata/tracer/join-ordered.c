// join-ordered.c: the first thread has been joined when the second one starts.
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
  join(start(forward));
  join(start(backward));
}
