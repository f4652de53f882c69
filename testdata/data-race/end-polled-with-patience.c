// The wait for the counter of running threads ends when patience does, too: the threads may run on.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct Pool {
  pthread_mutex_t lock;
  int alive, stop;
  long done;
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
  pool->done = mine; // expect: data-race
  pthread_mutex_lock(&pool->lock);
  --pool->alive;
  pthread_mutex_unlock(&pool->lock);
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
  for (int rounds = 0; pool.alive > 0; ++rounds) {
    if (rounds == 10)
      break;
    pthread_mutex_unlock(&pool.lock);
    sleep(1);
    pthread_mutex_lock(&pool.lock);
  }
  pthread_mutex_unlock(&pool.lock);
  pool.done += 1;
  return (int)(pool.done);
}
