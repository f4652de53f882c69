// The thread waits on one condition variable; whoever stops it notifies another one.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static int running = 1, requests;
static pthread_t worker;

static void *work(void *argument) {
  pthread_mutex_lock(&lock);
  while (running) {
    if (requests == 0)
      pthread_cond_wait(&wanted, &lock);
    else
      requests--;
  }
  pthread_mutex_unlock(&lock);
  return argument;
}

void start(void) { pthread_create(&worker, 0, work, 0); }

void request(void) {
  pthread_mutex_lock(&lock);
  requests++;
  pthread_cond_signal(&wanted);
  pthread_mutex_unlock(&lock);
}

void stop(void) {
  pthread_mutex_lock(&lock);
  running = 0;
  pthread_cond_signal(&finished);
  pthread_mutex_unlock(&lock);
  pthread_join(worker, 0); // expect: lost-wakeup "'running'"
}
