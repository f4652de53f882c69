// error-check.c: an error-checking mutex that is taken twice answers EDEADLK.
// exit: 35
#include "program.h"

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t mutex;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &attributes);
  take(&mutex);
  return pthread_mutex_lock(&mutex);
}
