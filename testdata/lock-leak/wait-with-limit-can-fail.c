// A wait with a limit of time does fail, and the mutex is held again then.
#include <pthread.h>
#include <time.h>

struct box {
  pthread_mutex_t mutex;
  pthread_cond_t full;
  int content;
};

int take(struct box *box, int *content, const struct timespec *until) {
  int error = pthread_mutex_lock(&box->mutex); // expect: lock-leak
  if (error)
    return error;
  while (!box->content) {
    error = pthread_cond_timedwait(&box->full, &box->mutex, until);
    if (error)
      return error;
  }
  *content = box->content;
  box->content = 0;
  return pthread_mutex_unlock(&box->mutex);
}
