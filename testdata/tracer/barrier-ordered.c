// barrier-ordered.c: a barrier stands between the two orders.
// pruned: ordered
#include "program.h"

MUTEX(a);
MUTEX(b);
static pthread_barrier_t barrier;
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  pthread_barrier_wait(&barrier);
  return unused;
}
static void *backward(void *unused) {
  pthread_barrier_wait(&barrier);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  return unused;
}
int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  both(forward, backward);
}
