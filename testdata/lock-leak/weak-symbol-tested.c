// A library that works without threads asks whether the thread library was linked in, when it takes the lock and when it gives it back.
#include <pthread.h>

#pragma weak pthread_mutex_lock
#pragma weak pthread_mutex_unlock

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

int add(int much) {
  if (pthread_mutex_lock && pthread_mutex_unlock)
    pthread_mutex_lock(&mutex);
  count += much;
  int now = count;
  if (pthread_mutex_lock && pthread_mutex_unlock)
    pthread_mutex_unlock(&mutex);
  return now;
}

int addPositive(int much) {
  if (pthread_mutex_lock && pthread_mutex_unlock)
    pthread_mutex_lock(&mutex); // expect: lock-leak
  if (much < 0)
    return 0;
  count += much;
  if (pthread_mutex_lock && pthread_mutex_unlock)
    pthread_mutex_unlock(&mutex);
  return 1;
}
