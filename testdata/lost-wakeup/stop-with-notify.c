// Threads that are woken when they are stopped: by whoever stops them, by a ticker, by a producer that ends; or wait with a limit.
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER, ticked = PTHREAD_COND_INITIALIZER;
static pthread_cond_t made = PTHREAD_COND_INITIALIZER, timed = PTHREAD_COND_INITIALIZER;
static int running = 1, requests, done, listening = 1;

static void *work(void *argument) {
  pthread_mutex_lock(&lock);
  while (running)
    if (requests == 0)
      pthread_cond_wait(&wanted, &lock);
  pthread_mutex_unlock(&lock);
  return argument;
}

static void wake(void) { pthread_cond_broadcast(&wanted); }

static void *tick(void *argument) {
  for (;;) {
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&ticked);
    pthread_mutex_unlock(&lock);
  }
  return argument;
}

static void *listen(void *argument) {
  pthread_mutex_lock(&lock);
  while (listening)
    pthread_cond_wait(&ticked, &lock);
  pthread_mutex_unlock(&lock);
  return argument;
}

static void *produce(void *argument) {
  pthread_mutex_lock(&lock);
  pthread_cond_broadcast(&made);
  pthread_mutex_unlock(&lock);
  return argument;
}

static void *consume(void *argument) {
  pthread_mutex_lock(&lock);
  while (!done)
    pthread_cond_wait(&made, &lock);
  pthread_mutex_unlock(&lock);
  return argument;
}

static void *poll(void *argument) {
  struct timespec soon = {1, 0};
  pthread_mutex_lock(&lock);
  while (!done)
    pthread_cond_timedwait(&timed, &lock, &soon);
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_t worker, ticker, listener, producer, consumer, poller;
  pthread_create(&worker, 0, work, 0);
  pthread_create(&ticker, 0, tick, 0);
  pthread_create(&listener, 0, listen, 0);
  pthread_create(&producer, 0, produce, 0);
  pthread_create(&consumer, 0, consume, 0);
  pthread_create(&poller, 0, poll, 0);
  pthread_mutex_lock(&lock);
  running = 0;
  listening = 0;
  done = 1;
  wake();
  pthread_mutex_unlock(&lock);
  pthread_join(worker, 0);
  pthread_join(producer, 0);
  pthread_join(consumer, 0);
  pthread_join(listener, 0);
  pthread_join(poller, 0);
  return 0;
}
