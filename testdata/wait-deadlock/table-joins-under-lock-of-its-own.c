// table-joins-under-lock-of-its-own.c: starting and stopping have a lock of their own, so the joined thread gets the one it
// needs.
#include <pthread.h>

static pthread_mutex_t hotplug = PTHREAD_MUTEX_INITIALIZER, startStop = PTHREAD_MUTEX_INITIALIZER;
static pthread_t monitor;
static int users, events;

int next_event(void);

static void *watch(void *unused) {
  while (next_event()) {
    pthread_mutex_lock(&hotplug);
    ++events;
    pthread_mutex_unlock(&hotplug);
  }
  return unused;
}

static int start(void) {
  int result = 0;
  pthread_mutex_lock(&startStop);
  if (users == 0)
    result = pthread_create(&monitor, 0, watch, 0);
  if (result == 0)
    ++users;
  pthread_mutex_unlock(&startStop);
  return result;
}

static void stop(void) {
  pthread_mutex_lock(&startStop);
  if (--users == 0) {
    pthread_cancel(monitor);
    pthread_join(monitor, 0);
  }
  pthread_mutex_unlock(&startStop);
}

struct backend {
  int (*start)(void);
  void (*stop)(void);
};
const struct backend usb_backend = {start, stop};
