// cancelled.c: threads are cancelled in a condition wait, in a join and in a semaphore.
// exit: 3
#include "program.h"
#include <semaphore.h>

MUTEX(mutex);
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static void unlock(void *it) { drop((pthread_mutex_t *)it); }
static void *waitForCondition(void *unused) {
  take(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  for (;;)
    pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(0);
  return unused;
}
static void *waitForSemaphore(void *unused) {
  sem_wait(&semaphore);
  return unused;
}
static void *joinOther(void *other) {
  pthread_join(*(pthread_t *)other, 0);
  return 0;
}
static int cancel(pthread_t thread) {
  void *result = 0;
  pauseMs(80);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  return result == PTHREAD_CANCELED;
}
int main(void) {
  sem_init(&semaphore, 0, 0);
  int count = cancel(start(waitForCondition));
  take(&mutex);
  drop(&mutex);
  pthread_t sleeper = start(waitForSemaphore), joiner;
  pthread_create(&joiner, 0, joinOther, &sleeper);
  count += cancel(joiner);
  count += cancel(sleeper);
  return count;
}
