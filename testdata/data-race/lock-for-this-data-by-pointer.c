// lock-for-this-data-by-pointer.c: nothing is written under the lock, so that a reader takes it shows what it is for.
#include <pthread.h>

struct job {
  int size;
  pthread_mutex_t *lock;
};
struct context {
  pthread_mutex_t done;
  unsigned mask;
  struct job jobs[4];
  pthread_t worker;
};

static void *run(void *given) {
  struct job *job = given;
  pthread_mutex_lock(job->lock);
  (void)job->size;
  pthread_mutex_unlock(job->lock);
  return 0;
}

void context_start(struct context *context, unsigned number) {
  context->mask = number - 1; // expect: data-race "mask"
  context->jobs[0].lock = &context->done;
  pthread_create(&context->worker, 0, run, &context->jobs[0]);
}

int context_progress(struct context *context) {
  pthread_mutex_lock(&context->done);
  int size = context->jobs[0 & context->mask].size;
  pthread_mutex_unlock(&context->done);
  return size;
}
