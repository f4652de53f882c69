// join-hang.c: a thread is joined under a lock that it needs.
// finds: wait-deadlock
// hangs
#include "program.h"

MUTEX(mutex);
static void *work(void *unused) {
  pauseMs(50);
  take(&mutex);
  drop(&mutex);
  return unused;
}
int main(void) {
  pthread_t thread = start(work);
  take(&mutex);
  join(thread);
  drop(&mutex);
}
