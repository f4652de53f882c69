// table-joins-own-thread.c: a function that only a library's table names holds the lock while it joins the library's own thread,
// which needs it. Whoever calls through the table, the thread is there.
#include <pthread.h>

static pthread_mutex_t hotplug = PTHREAD_MUTEX_INITIALIZER;
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
  pthread_mutex_lock(&hotplug);
  if (users == 0)
    result = pthread_create(&monitor, 0, watch, 0);
  if (result == 0)
    ++users;
  pthread_mutex_unlock(&hotplug);
  return result;
}

static void stop(void) {
  pthread_mutex_lock(&hotplug);
  if (--users == 0) {
    pthread_cancel(monitor);
    pthread_join(monitor, 0); // expect: wait-deadlock "hotplug"
  }
  pthread_mutex_unlock(&hotplug);
}

struct backend {
  int (*start)(void);
  void (*stop)(void);
};
const struct backend usb_backend = {start, stop};
