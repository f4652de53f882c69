// Waiting on a condition variable opens the gate: what follows the wait is not ordered before the worker.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int isReady;
static int input;

static void *work(void *unused) {
  (void)unused;
  pthread_mutex_lock(&gate);
  isReady = 1;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(&gate);
  printf("%d\n", input);
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_mutex_lock(&gate);
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  while (!isReady)
    pthread_cond_wait(&ready, &gate);
  input = 42; // expect: data-race
  pthread_mutex_unlock(&gate);
  pthread_join(worker, NULL);
  return 0;
}
