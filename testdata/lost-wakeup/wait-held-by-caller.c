// The mutex of a wait is held: by the loop, by a caller, after it was given back and taken again, or by somebody outside.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t cacheLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t expand = PTHREAD_COND_INITIALIZER;
static int wanted, size;

static void await_request(void) {
  while (!wanted)
    pthread_cond_wait(&expand, &cacheLock);
}

/// Called with the lock.
void await_from_outside(void) {
  while (!wanted)
    pthread_cond_wait(&expand, &cacheLock);
}

static void *maintain(void *argument) {
  pthread_mutex_lock(&cacheLock);
  await_request();
  pthread_mutex_unlock(&cacheLock);
  pthread_mutex_lock(&cacheLock);
  await_request();
  wanted = 0;
  ++size;
  pthread_mutex_unlock(&cacheLock);
  return argument;
}

void request(void) {
  pthread_mutex_lock(&cacheLock);
  wanted = 1;
  pthread_cond_signal(&expand);
  pthread_mutex_unlock(&cacheLock);
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, maintain, NULL);
  request();
  pthread_join(thread, NULL);
  return 0;
}
