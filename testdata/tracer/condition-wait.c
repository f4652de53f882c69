// condition-wait.c: a condition wait with its own mutex alone.
#include "program.h"

MUTEX(mutex);
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready;
static void *wait(void *unused) {
  take(&mutex);
  while (!ready)
    pthread_cond_wait(&condition, &mutex);
  drop(&mutex);
  return unused;
}
static void *wake(void *unused) {
  pauseMs(20);
  take(&mutex);
  ready = 1;
  pthread_cond_broadcast(&condition);
  drop(&mutex);
  return unused;
}
int main(void) { both(wait, wake); }
