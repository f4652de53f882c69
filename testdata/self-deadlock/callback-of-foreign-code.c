// A static callback that only code outside the program calls: it runs, and takes its lock twice.
#include <pthread.h>

static pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

void timer_start(void (*callback)(void *), void *argument);

static int count(void) {
  pthread_mutex_lock(&tableLock); // expect: self-deadlock
  int result = entries;
  pthread_mutex_unlock(&tableLock);
  return result;
}

static void refresh(void *argument) {
  (void)argument;
  pthread_mutex_lock(&tableLock);
  entries += count();
  pthread_mutex_unlock(&tableLock);
}

static void refresh_later(void *argument) {
  (void)argument;
  pthread_mutex_lock(&tableLock);
  ++entries;
  pthread_mutex_unlock(&tableLock);
  (void)count();
}

void start(void) {
  timer_start(refresh, 0);
  timer_start(refresh_later, 0);
}
