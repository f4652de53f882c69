// errorcheck-taken-twice.c: an error-checking mutex refuses its owner, so one release gives it back; a recursive one counts.
// flags: -std=gnu17
#include <pthread.h>

static pthread_mutex_t checking, counting;

static void *check(void *unused) {
  pthread_mutex_lock(&checking);
  pthread_mutex_lock(&checking); // EDEADLK
  pthread_mutex_unlock(&checking);
  return unused;
}

static void *count(void *unused) {
  pthread_mutex_lock(&counting); // expect: lock-leak
  pthread_mutex_lock(&counting);
  pthread_mutex_unlock(&counting);
  return unused;
}

int main(void) {
  pthread_mutexattr_t refuses, counts;
  pthread_mutexattr_init(&refuses);
  pthread_mutexattr_settype(&refuses, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checking, &refuses);
  pthread_mutexattr_init(&counts);
  pthread_mutexattr_settype(&counts, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&counting, &counts);
  pthread_t first, second;
  pthread_create(&first, 0, check, 0);
  pthread_create(&second, 0, count, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}
