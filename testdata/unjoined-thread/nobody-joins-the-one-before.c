// Each thread leaves its handle, but nobody joins what it finds there.
#include <pthread.h>

struct pool {
  pthread_mutex_t mutex;
  pthread_t last;
  int running;
};

static void *work(void *argument) {
  struct pool *pool = argument;
  pthread_mutex_lock(&pool->mutex);
  pool->last = pthread_self();
  --pool->running;
  pthread_mutex_unlock(&pool->mutex);
  return 0;
}

int start(struct pool *pool, int count) {
  pthread_mutex_lock(&pool->mutex);
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, pool)) // expect: unjoined-thread
      break;
    ++pool->running;
  }
  pthread_mutex_unlock(&pool->mutex);
  return 0;
}
