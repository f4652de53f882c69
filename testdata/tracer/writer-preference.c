// writer-preference.c: the same where waiting writers keep readers out, and there are writers.
// finds: lock-order-inversion
#include "program.h"

static pthread_rwlock_t a, b;
static void nest(pthread_rwlock_t *outer, pthread_rwlock_t *inner) {
  pthread_rwlock_rdlock(outer);
  pthread_rwlock_rdlock(inner);
  pthread_rwlock_unlock(inner);
  pthread_rwlock_unlock(outer);
}
static void *forward(void *unused) { nest(&a, &b); return unused; }
static void *backward(void *unused) { pauseMs(60); nest(&b, &a); return unused; }

static void *write(void *unused) {
  pauseMs(120);
  pthread_rwlock_wrlock(&a);
  pthread_rwlock_unlock(&a);
  pthread_rwlock_wrlock(&b);
  pthread_rwlock_unlock(&b);
  return unused;
}
int main(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&a, &attributes);
  pthread_rwlock_init(&b, &attributes);
  pthread_t writer = start(write);
  both(forward, backward);
  join(writer);
}
