// reader-reader.c: readers of two rwlocks in opposite orders; readers pass waiting writers.
// pruned: readers
#include "program.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;
static void nest(pthread_rwlock_t *outer, pthread_rwlock_t *inner) {
  pthread_rwlock_rdlock(outer);
  pthread_rwlock_rdlock(inner);
  pthread_rwlock_unlock(inner);
  pthread_rwlock_unlock(outer);
}
static void *forward(void *unused) { nest(&a, &b); return unused; }
static void *backward(void *unused) { pauseMs(60); nest(&b, &a); return unused; }
int main(void) { both(forward, backward); }
