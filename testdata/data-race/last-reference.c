// Whoever drops the last reference has the object to itself while it takes it apart.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct session {
  atomic_int refs;
  pthread_mutex_t mu;
  int pending;
  char *name;
};

static void destroy(struct session *s) {
  s->pending = 0;
  free(s->name);
  s->name = NULL;
  pthread_mutex_destroy(&s->mu);
  free(s);
}

static int drop(struct session *s) { return atomic_fetch_sub(&s->refs, 1) - 1; }

void session_release(struct session *s) {
  if (atomic_fetch_sub(&s->refs, 1) == 1)
    destroy(s);
}

void session_release_other(struct session *s) {
  if (atomic_fetch_sub(&s->refs, 1) > 1)
    return;
  destroy(s);
}

void session_add(struct session *s) {
  pthread_mutex_lock(&s->mu);
  s->pending++;
  pthread_mutex_unlock(&s->mu);
}

int session_use(struct session *s) { return drop(s); }
