// hang.c: the two orders meet.
// finds: lock-order-inversion
// hangs
#include "program.h"

MUTEX(a);
MUTEX(b);
static pthread_barrier_t barrier;
static void *forward(void *unused) {
  take(&a);
  pthread_barrier_wait(&barrier);
  take(&b);
  return unused;
}
static void *backward(void *unused) {
  take(&b);
  pthread_barrier_wait(&barrier);
  take(&a);
  return unused;
}
int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  both(forward, backward);
}
