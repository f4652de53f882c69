// robust.c: a robust, process-shared mutex whose owner ends without a release.
// exit: 130
#include "program.h"

static pthread_mutex_t mutex;
static void *die(void *unused) {
  take(&mutex);
  return unused;
}
int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&mutex, &attributes);
  join(start(die));
  int result = pthread_mutex_lock(&mutex);
  pthread_mutex_consistent(&mutex);
  drop(&mutex);
  return result;
}
