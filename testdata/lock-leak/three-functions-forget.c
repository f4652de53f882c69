// The near miss of four-functions-seem-to-forget.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int used;

int load(const char *text) {
  pthread_mutex_lock(&mutex); // expect: lock-leak
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int store(const char *text) {
  pthread_mutex_lock(&mutex); // expect: lock-leak
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int find(const char *text) {
  pthread_mutex_lock(&mutex); // expect: lock-leak
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}
