// condition-second-lock.c: a condition wait takes its mutex again while another one is held.
// finds: lock-order-inversion
#include "program.h"

MUTEX(outer);
MUTEX(mutex);
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready;
static void *wait(void *unused) {
  take(&mutex);
  take(&outer); // mutex -> outer; the wait then takes mutex while outer is held
  while (!ready)
    pthread_cond_wait(&condition, &mutex);
  drop(&outer);
  drop(&mutex);
  return unused;
}
static void *wake(void *unused) {
  pauseMs(60);
  take(&mutex);
  ready = 1;
  pthread_cond_signal(&condition);
  drop(&mutex);
  return unused;
}
static void *other(void *unused) {
  pauseMs(150);
  take(&mutex);
  take(&outer);
  drop(&outer);
  drop(&mutex);
  return unused;
}
int main(void) {
  pthread_t third = start(other);
  both(wait, wake);
  join(third);
}
