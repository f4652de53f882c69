// Two pthreads share a struct that carries its own mutex.
#include <pthread.h>
#include <stdio.h>

struct job {
  pthread_mutex_t lock;
  int done;
};

static void *run(void *argument) {
  struct job *job = argument;
  pthread_mutex_lock(&job->lock);
  job->done++;
  pthread_mutex_unlock(&job->lock);
  return NULL;
}

int main(void) {
  struct job job = {.done = 0};
  pthread_t first, second;
  pthread_mutex_init(&job.lock, NULL);
  pthread_create(&first, NULL, run, &job);
  pthread_create(&second, NULL, run, &job);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_mutex_destroy(&job.lock);
  printf("%d\n", job.done);
  return 0;
}
