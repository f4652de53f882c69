// spin.c: spinlocks in opposite orders.
// finds: lock-order-inversion
#include "program.h"

static pthread_spinlock_t a, b;
static void nest(pthread_spinlock_t *outer, pthread_spinlock_t *inner) {
  pthread_spin_lock(outer);
  pthread_spin_lock(inner);
  pthread_spin_unlock(inner);
  pthread_spin_unlock(outer);
}
static void *forward(void *unused) { nest(&a, &b); return unused; }
static void *backward(void *unused) { pauseMs(60); nest(&b, &a); return unused; }
int main(void) {
  pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_init(&b, PTHREAD_PROCESS_PRIVATE);
  both(forward, backward);
}
