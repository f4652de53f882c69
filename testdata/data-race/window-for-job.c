// A job that was taken off a list is its worker's own: it is marked as free only when it is done.
#include <pthread.h>

struct job {
  struct job *next, *previous;
  int queued;
  void (*run)(void *);
  void *data;
};
struct pool {
  pthread_mutex_t lock;
  struct job head;
};

void submit(struct pool *pool, struct job *job, void (*run)(void *), void *data) {
  pthread_mutex_lock(&pool->lock);
  if (!job->queued) {
    job->queued = 1;
    job->run = run;
    job->data = data;
    job->next = pool->head.next;
    job->previous = &pool->head;
    job->next->previous = job;
    pool->head.next = job;
  }
  pthread_mutex_unlock(&pool->lock);
}

void serve(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  struct job *job = pool->head.previous;
  job->previous->next = job->next;
  job->next->previous = job->previous;
  pthread_mutex_unlock(&pool->lock);
  job->run(job->data);
  pthread_mutex_lock(&pool->lock);
  job->queued = 0;
  pthread_mutex_unlock(&pool->lock);
}
