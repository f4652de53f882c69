// The lock was taken while others had references: one of them may hold the table and wait for it.
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

void session_release(struct session *s) {
  pthread_mutex_lock(&s->mu);
  if (atomic_fetch_sub(&s->refs, 1) == 1) {
    pthread_mutex_lock(&table); // expect: lock-order-inversion "session::mu"
    sessions--;
    pthread_mutex_unlock(&table);
  }
  pthread_mutex_unlock(&s->mu);
}

void session_add(struct session *s) {
  pthread_mutex_lock(&table);
  pthread_mutex_lock(&s->mu);
  s->pending++;
  pthread_mutex_unlock(&s->mu);
  pthread_mutex_unlock(&table);
}
