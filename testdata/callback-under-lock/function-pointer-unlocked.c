/* function-pointer-unlocked.c: the library releases its lock around the call. */
#include <pthread.h>

struct timers;
typedef void (*timer_callback)(struct timers *timers, void *arg);

struct timer {
  struct timer *next;
  timer_callback callback;
  void *arg;
};

struct timers {
  pthread_mutex_t lock;
  struct timer *first;
};

void timer_start(struct timers *timers, struct timer *timer, timer_callback callback, void *arg) {
  pthread_mutex_lock(&timers->lock);
  timer->callback = callback;
  timer->arg = arg;
  timer->next = timers->first;
  timers->first = timer;
  pthread_mutex_unlock(&timers->lock);
}

void timers_run(struct timers *timers) {
  struct timer *timer;
  pthread_mutex_lock(&timers->lock);
  while ((timer = timers->first)) {
    timer_callback callback = timer->callback;
    void *arg = timer->arg;
    timers->first = timer->next;
    pthread_mutex_unlock(&timers->lock);
    callback(timers, arg);
    pthread_mutex_lock(&timers->lock);
  }
  pthread_mutex_unlock(&timers->lock);
}
