// A public function makes an object, starts a thread for it and returns it: its users pass it to the other functions.
#include <pthread.h>
#include <stdlib.h>

struct worker {
  pthread_mutex_t *mutex; // the lock is elsewhere
  int is_up;
  pthread_t thread;
};

void process(void *);

static void *run(void *argument) {
  struct worker *worker = argument;
  pthread_mutex_lock(worker->mutex);
  while (worker->is_up) {
    pthread_mutex_unlock(worker->mutex);
    if (worker->is_up)
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

void worker_stop(struct worker *worker) {
  pthread_mutex_lock(worker->mutex);
  worker->is_up = 0; // expect: data-race "worker::is_up"
  pthread_mutex_unlock(worker->mutex);
  pthread_join(worker->thread, 0);
}
