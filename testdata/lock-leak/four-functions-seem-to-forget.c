// One lock that four functions seem to forget would have stopped the program long ago: medium confidence.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int used;

int load(const char *text) {
  pthread_mutex_lock(&mutex);
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int store(const char *text) {
  pthread_mutex_lock(&mutex);
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int find(const char *text) {
  pthread_mutex_lock(&mutex);
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int drop(const char *text) {
  pthread_mutex_lock(&mutex);
  if (!text)
    return -1;
  ++used;
  pthread_mutex_unlock(&mutex);
  return 0;
}
