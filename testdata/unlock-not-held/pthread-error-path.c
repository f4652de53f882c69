// The error path unlocks and then falls through to the common unlock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t jobLock = PTHREAD_MUTEX_INITIALIZER;
static int jobs;

static void add_job(int count) {
  pthread_mutex_lock(&jobLock);
  if (count < 0) {
    pthread_mutex_unlock(&jobLock);
    puts("negative");
  } else {
    jobs += count;
  }
  pthread_mutex_unlock(&jobLock); // expect: unlock-not-held
}

int main(int argc, char **argv) {
  (void)argv;
  add_job(2 - argc);
  return 0;
}
