// A read-write lock is unlocked a second time after both critical sections have ended.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t cacheLock = PTHREAD_RWLOCK_INITIALIZER;
static int cached;

static int look_up(void) {
  pthread_rwlock_rdlock(&cacheLock);
  int value = cached;
  pthread_rwlock_unlock(&cacheLock);
  if (value == 0) {
    pthread_rwlock_wrlock(&cacheLock);
    value = cached = 42;
    pthread_rwlock_unlock(&cacheLock);
  }
  pthread_rwlock_unlock(&cacheLock); // expect: unlock-not-held
  return value;
}

int main(void) {
  printf("%d\n", look_up());
  return 0;
}
