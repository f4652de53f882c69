// The same with the lock at every access, and one past the end of the thread that was started for the object.
#include <pthread.h>
#include <stdlib.h>

struct worker {
  pthread_mutex_t *mutex;
  int is_up, rounds;
  pthread_t thread;
};

void process(void *);

static void *run(void *argument) {
  struct worker *worker = argument;
  pthread_mutex_lock(worker->mutex);
  while (worker->is_up) {
    ++worker->rounds;
    pthread_mutex_unlock(worker->mutex);
    process(worker);
    pthread_mutex_lock(worker->mutex);
  }
  pthread_mutex_unlock(worker->mutex);
  return 0;
}

struct worker *worker_new(pthread_mutex_t *mutex) {
  struct worker *worker = calloc(1, sizeof *worker);
  if (!worker)
    return 0;
  worker->mutex = mutex;
  worker->is_up = 1;
  pthread_create(&worker->thread, 0, run, worker);
  return worker;
}

int worker_stop(struct worker *worker) {
  pthread_mutex_lock(worker->mutex);
  worker->is_up = 0;
  pthread_mutex_unlock(worker->mutex);
  pthread_join(worker->thread, 0);
  return worker->rounds;
}
