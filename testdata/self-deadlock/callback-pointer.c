// A callback set at start-up is called under the lock and takes it again.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t eventsLock = PTHREAD_MUTEX_INITIALIZER;
static int events;
static void (*on_event)(void);

static void print_events(void) {
  pthread_mutex_lock(&eventsLock); // expect: self-deadlock
  printf("%d\n", events);
  pthread_mutex_unlock(&eventsLock);
}

static void post_event(void) {
  pthread_mutex_lock(&eventsLock);
  events++;
  if (on_event)
    on_event();
  pthread_mutex_unlock(&eventsLock);
}

int main(void) {
  on_event = print_events;
  post_event();
  return 0;
}
