// Two functions decide by the same two fields whether there is a lock to take: both do or none does, whatever they are.
#include <pthread.h>
#include <stddef.h>

struct Pool {
  void *threads;
  int isActive;
  pthread_mutex_t mutex;
  int jobs;
  int priority;
};

static int isThreaded(struct Pool *pool) { return pool->threads && pool->isActive; }

static void lockPool(struct Pool *pool) {
  if (isThreaded(pool))
    pthread_mutex_lock(&pool->mutex);
}

static void unlockPool(struct Pool *pool) {
  if (isThreaded(pool))
    pthread_mutex_unlock(&pool->mutex);
}

int take(struct Pool *pool) {
  lockPool(pool);
  int job = --pool->jobs;
  unlockPool(pool);
  return job;
}

int takeInline(struct Pool *pool) {
  if (pool && pool->isActive == 1)
    pthread_mutex_lock(&pool->mutex);
  int job = --pool->jobs;
  if (pool && pool->isActive == 1)
    pthread_mutex_unlock(&pool->mutex);
  return job;
}

// The near miss: the second test is another one.
int takeWithOtherTest(struct Pool *pool) {
  if (pool->threads && pool->isActive)
    pthread_mutex_lock(&pool->mutex); // expect: lock-leak
  int job = --pool->jobs;
  if (pool->threads && pool->priority)
    pthread_mutex_unlock(&pool->mutex);
  return job;
}
