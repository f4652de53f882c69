// three-cycle.c: three threads, each takes two of three mutexes in a ring.
// finds: lock-order-inversion
#include "program.h"

MUTEX(a);
MUTEX(b);
MUTEX(c);
static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner) {
  take(outer);
  take(inner);
  drop(inner);
  drop(outer);
}
static void *one(void *unused) { nest(&a, &b); return unused; }
static void *two(void *unused) { pauseMs(50); nest(&b, &c); return unused; }
static void *three(void *unused) { pauseMs(100); nest(&c, &a); return unused; }
int main(void) {
  pthread_t first = start(one), second = start(two), third = start(three);
  join(first);
  join(second);
  join(third);
}
