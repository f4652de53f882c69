// join-under-lock.c: a thread is joined under a lock that it took; it had done so before, this time.
// finds: wait-deadlock
#include "program.h"

MUTEX(mutex);
static void *work(void *unused) {
  take(&mutex);
  drop(&mutex);
  return unused;
}
int main(void) {
  pthread_t thread = start(work);
  pauseMs(100);
  take(&mutex);
  join(thread);
  drop(&mutex);
}
