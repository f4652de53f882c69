// reader-writer.c: a reader and a writer in opposite orders.
// finds: lock-order-inversion
#include "program.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;
static void *forward(void *unused) {
  pthread_rwlock_rdlock(&a);
  pthread_rwlock_wrlock(&b);
  pthread_rwlock_unlock(&b);
  pthread_rwlock_unlock(&a);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(60);
  pthread_rwlock_rdlock(&b);
  pthread_rwlock_wrlock(&a);
  pthread_rwlock_unlock(&a);
  pthread_rwlock_unlock(&b);
  return unused;
}
int main(void) { both(forward, backward); }
