// The second release stands in a piece cut out of its only caller; nobody else uses it as an unlock function.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int pending;

static void finish(pthread_mutex_t *given) {
  pthread_mutex_unlock(given); // expect: unlock-not-held "already was"
}

int drain(int limit) {
  pthread_mutex_lock(&lock);
  int left = pending > limit ? pending - limit : 0;
  pending = left;
  pthread_mutex_unlock(&lock);
  if (left > 0)
    finish(&lock);
  return left;
}
