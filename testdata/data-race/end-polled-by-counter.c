// A thread pool's end waits until the counter of running threads is zero, asleep in between, and destroys the pool then. What a thread does
// after it has counted down is not waited for.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct Pool {
  pthread_mutex_t lock;
  int alive, stop;
  long done, late;
};

static void *run(void *arg) {
  struct Pool *pool = arg;
  long mine = 0;
  for (;;) {
    pthread_mutex_lock(&pool->lock);
    const int stop = pool->stop;
    pthread_mutex_unlock(&pool->lock);
    if (stop)
      break;
    ++mine;
  }
  pool->done = mine;
  pthread_mutex_lock(&pool->lock);
  --pool->alive;
  pthread_mutex_unlock(&pool->lock);
  pool->late = mine; // expect: data-race
  return 0;
}

static struct Pool pool;

int main(void) {
  pthread_t thread;
  pthread_mutex_init(&pool.lock, 0);
  pool.alive = 1;
  pthread_create(&thread, 0, run, &pool);
  pthread_detach(thread);
  pthread_mutex_lock(&pool.lock);
  pool.stop = 1;
  while (pool.alive > 0) {
    pthread_mutex_unlock(&pool.lock);
    sleep(1);
    pthread_mutex_lock(&pool.lock);
  }
  pthread_mutex_unlock(&pool.lock);
  pool.done += 1;
  pool.late += 1;
  return (int)(pool.done + pool.late);
}
