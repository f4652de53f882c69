// The path that returns early is the one on which trylock did not get the mutex.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t jobLock = PTHREAD_MUTEX_INITIALIZER;
static int jobs;

static int run_job(void) {
  if (pthread_mutex_trylock(&jobLock))
    return -1;
  jobs++;
  pthread_mutex_unlock(&jobLock);
  return 0;
}

static int run_other_job(void) {
  int error = pthread_mutex_trylock(&jobLock);
  if (error != 0)
    return error;
  jobs++;
  pthread_mutex_unlock(&jobLock);
  return 0;
}

int main(void) {
  if (run_job() != 0 || run_other_job() != 0)
    puts("busy");
  return 0;
}
