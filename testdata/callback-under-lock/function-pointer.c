/* function-pointer.c: a timer library calls the user's function with its lock held and hands it the timers. */
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
  timer->callback = callback;
  timer->arg = arg;
  pthread_mutex_lock(&timers->lock);
  timer->next = timers->first;
  timers->first = timer;
  pthread_mutex_unlock(&timers->lock);
}

void timers_run(struct timers *timers) {
  struct timer *timer;
  pthread_mutex_lock(&timers->lock);
  while ((timer = timers->first)) {
    timers->first = timer->next;
    timer->callback(timers, timer->arg); // expect: callback-under-lock "timer::callback"
  }
  pthread_mutex_unlock(&timers->lock);
}
