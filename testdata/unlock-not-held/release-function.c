// A function whose purpose is to unlock: its callers lock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t deviceLock = PTHREAD_MUTEX_INITIALIZER;
static int uses;

static void device_release(void) {
  uses++;
  pthread_mutex_unlock(&deviceLock);
}

static void device_use(void) {
  pthread_mutex_lock(&deviceLock);
  puts("in use");
  device_release();
}

int main(void) {
  device_use();
  device_use();
  return 0;
}
