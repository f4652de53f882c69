// The lock of an object whose last reference was dropped is nobody's any more: what is taken under it deadlocks with nobody.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct session {
  atomic_int refs;
  pthread_mutex_t mu;
  int pending;
};

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static int sessions;

static void destroy(struct session *s) {
  pthread_mutex_lock(&s->mu);
  s->pending = 0;
  pthread_mutex_lock(&table);
  sessions--;
  pthread_mutex_unlock(&table);
  pthread_mutex_unlock(&s->mu);
  pthread_mutex_destroy(&s->mu);
  free(s);
}

void session_release(struct session *s) {
  if (atomic_fetch_sub(&s->refs, 1) == 1)
    destroy(s);
}

void session_add(struct session *s) {
  pthread_mutex_lock(&table);
  pthread_mutex_lock(&s->mu);
  s->pending++;
  pthread_mutex_unlock(&s->mu);
  pthread_mutex_unlock(&table);
}
