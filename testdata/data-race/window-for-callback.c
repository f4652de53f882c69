// The lock is given back while the callback runs; whoever starts the timer again meanwhile changes the callback.
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
  timer->callback = callback; // expect: data-race "callback"
  timer->data = data;         // expect: data-race "data"
  pthread_mutex_unlock(&timers->lock);
}

void timers_run(struct timers *timers) {
  pthread_mutex_lock(&timers->lock);
  struct timer *timer = timers->first;
  if (timer) {
    timer->interval = 0;
    pthread_mutex_unlock(&timers->lock);
    timer->callback(timer->data);
    pthread_mutex_lock(&timers->lock);
  }
  pthread_mutex_unlock(&timers->lock);
}
