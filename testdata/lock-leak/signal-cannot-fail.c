// Each step is checked; but signalling and waiting for a valid condition variable does not fail.
#include <pthread.h>

struct box {
  pthread_mutex_t mutex;
  pthread_cond_t full;
  int content;
};

int put(struct box *box, int content) {
  int error = pthread_mutex_lock(&box->mutex);
  if (error)
    return error;
  box->content = content;
  error = pthread_cond_broadcast(&box->full);
  if (error)
    return error;
  return pthread_mutex_unlock(&box->mutex);
}

int take(struct box *box, int *content) {
  int error = pthread_mutex_lock(&box->mutex);
  if (error)
    return error;
  while (!box->content) {
    error = pthread_cond_wait(&box->full, &box->mutex);
    if (error)
      return error;
  }
  *content = box->content;
  box->content = 0;
  return pthread_mutex_unlock(&box->mutex);
}
