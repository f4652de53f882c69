// single-thread.c: one thread takes both orders, one after the other.
// pruned: single-thread
#include "program.h"

MUTEX(a);
MUTEX(b);
static void *touch(void *unused) { // so that the mutexes are shared
  take(&a);
  drop(&a);
  take(&b);
  drop(&b);
  return unused;
}
int main(void) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  join(start(touch));
}
