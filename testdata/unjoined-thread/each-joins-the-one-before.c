// The threads of the pool end one after the other: each leaves its handle for the next one to join, the pool joins the last.
#include <pthread.h>

struct pool {
  pthread_mutex_t mutex;
  pthread_t last;
  int running, hasLast;
};

static void *work(void *argument) {
  struct pool *pool = argument;
  pthread_t before;
  int hasBefore;
  pthread_mutex_lock(&pool->mutex);
  before = pool->last;
  hasBefore = pool->hasLast;
  pool->last = pthread_self();
  pool->hasLast = 1;
  --pool->running;
  pthread_mutex_unlock(&pool->mutex);
  if (hasBefore)
    pthread_join(before, 0);
  return 0;
}

int start(struct pool *pool, int count) {
  pthread_mutex_lock(&pool->mutex);
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, pool))
      break;
    ++pool->running;
  }
  pthread_mutex_unlock(&pool->mutex);
  return 0;
}
