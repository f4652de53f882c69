// The near miss of last-reference: others still have the object when it is written without the lock.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct session {
  atomic_int refs;
  pthread_mutex_t mu;
  int pending;
};

void session_release(struct session *s) {
  if (atomic_fetch_sub(&s->refs, 1) != 1)
    s->pending = 0; // expect: data-race
  else
    free(s);
}

void session_add(struct session *s) {
  pthread_mutex_lock(&s->mu);
  s->pending++;
  pthread_mutex_unlock(&s->mu);
}
