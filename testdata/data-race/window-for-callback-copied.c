// What the callback needs is copied under the lock.
#include <pthread.h>

struct timer {
  int interval;
  void (*callback)(void *);
  void *data;
};
struct timers {
  pthread_mutex_t lock;
  struct timer *first;
};

void timer_start(struct timers *timers, struct timer *timer, int interval, void (*callback)(void *),
                 void *data) {
  pthread_mutex_lock(&timers->lock);
  if (timer->interval == 0)
    timers->first = timer;
  timer->interval = interval;
  timer->callback = callback;
  timer->data = data;
  pthread_mutex_unlock(&timers->lock);
}

void timers_run(struct timers *timers) {
  pthread_mutex_lock(&timers->lock);
  struct timer *timer = timers->first;
  if (timer) {
    void (*callback)(void *) = timer->callback;
    void *data = timer->data;
    timer->interval = 0;
    pthread_mutex_unlock(&timers->lock);
    callback(data);
    pthread_mutex_lock(&timers->lock);
  }
  pthread_mutex_unlock(&timers->lock);
}
