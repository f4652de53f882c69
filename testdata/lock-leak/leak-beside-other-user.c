// Two functions take one lock, only one of them forgets it: the leak is reported where it happens.
#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t registryLock = PTHREAD_MUTEX_INITIALIZER;
static int watchers;

static void *collect(void *argument) {
  (void)argument;
  pthread_mutex_lock(&registryLock);
  int seen = watchers;
  pthread_mutex_unlock(&registryLock);
  return seen ? argument : NULL;
}

int start_collector(pthread_t *thread) { return pthread_create(thread, NULL, collect, NULL); }

int add_watcher(void) {
  pthread_mutex_lock(&registryLock); // expect: lock-leak "add_watcher"
  if (watchers >= 20)
    return -1;
  ++watchers;
  pthread_mutex_unlock(&registryLock);
  return 0;
}
