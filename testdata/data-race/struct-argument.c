// Two pthreads receive a pointer to the same struct.
#include <pthread.h>
#include <stdio.h>

struct job {
  int input;
  int done;
};

static void *run(void *argument) {
  struct job *job = argument;
  job->done += job->input; // expect: data-race
  return NULL;
}

int main(void) {
  struct job job = {3, 0};
  pthread_t first, second;
  pthread_create(&first, NULL, run, &job);
  pthread_create(&second, NULL, run, &job);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", job.done);
  return 0;
}
