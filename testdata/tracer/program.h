// program.h: what the traced programs share.
#pragma once
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void pauseMs(long ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&time, 0);
}
static inline pthread_t start(void *(*routine)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, 0, routine, 0))
    abort();
  return thread;
}
static inline void join(pthread_t thread) { pthread_join(thread, 0); }
static inline void both(void *(*first)(void *), void *(*second)(void *)) {
  pthread_t a = start(first), b = start(second);
  join(a);
  join(b);
}
#define MUTEX(name) static pthread_mutex_t name = PTHREAD_MUTEX_INITIALIZER
static inline void take(pthread_mutex_t *mutex) { pthread_mutex_lock(mutex); }
static inline void drop(pthread_mutex_t *mutex) { pthread_mutex_unlock(mutex); }
