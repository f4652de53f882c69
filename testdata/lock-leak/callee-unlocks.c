// The function that finishes the job releases the lock for its caller.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t jobLock = PTHREAD_MUTEX_INITIALIZER;
static int jobs;

static int finish(int result) {
  pthread_mutex_unlock(&jobLock);
  return result;
}

static int run(int amount) {
  pthread_mutex_lock(&jobLock);
  if (amount < 0)
    return finish(-1);
  jobs += amount;
  return finish(0);
}

int main(void) {
  printf("%d\n", run(3));
  return 0;
}
