// gate-lock.c: a third mutex is always taken first, so the opposite orders cannot meet.
// pruned: guarded
#include "program.h"

MUTEX(gate);
MUTEX(a);
MUTEX(b);
static void *forward(void *unused) {
  take(&gate);
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  drop(&gate);
  return unused;
}
static void *backward(void *unused) {
  take(&gate);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  drop(&gate);
  return unused;
}
int main(void) { both(forward, backward); }
