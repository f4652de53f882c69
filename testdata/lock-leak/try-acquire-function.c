// A function that returns true exactly when it holds the lock; its callers unlock on true.
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static pthread_mutex_t deviceLock = PTHREAD_MUTEX_INITIALIZER;
static bool open_for_use = true;

static bool acquire(void) {
  pthread_mutex_lock(&deviceLock);
  if (!open_for_use) {
    pthread_mutex_unlock(&deviceLock);
    return false;
  }
  return true;
}

int main(void) {
  if (acquire()) {
    puts("in use");
    pthread_mutex_unlock(&deviceLock);
  }
  return 0;
}
