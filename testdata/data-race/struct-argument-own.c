// Each pthread receives a pointer to a struct of its own.
#include <pthread.h>
#include <stdio.h>

struct job {
  int input;
  int done;
};

static void *run(void *argument) {
  struct job *job = argument;
  job->done += job->input;
  return NULL;
}

int main(void) {
  struct job left = {3, 0};
  struct job right = {4, 0};
  pthread_t first, second;
  pthread_create(&first, NULL, run, &left);
  pthread_create(&second, NULL, run, &right);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d %d\n", left.done, right.done);
  return 0;
}
