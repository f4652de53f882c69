// recursive.c: a recursive mutex is taken again inside another one.
#include "program.h"

MUTEX(inner);
static pthread_mutex_t outer;
static void *work(void *unused) {
  take(&outer);
  take(&inner);
  take(&outer);
  drop(&outer);
  drop(&inner);
  drop(&outer);
  return unused;
}
int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&outer, &attributes);
  both(work, work);
}
