// A volatile flag that one thread polls and another sets to a constant under the lock of its waits. Without the lock, or for a counter,
// volatile does not help.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t wakeLock = PTHREAD_MUTEX_INITIALIZER;
static volatile int running = 1, paused;
static volatile int rounds;

static void *poll(void *argument) {
  while (running)
    if (!paused)
      ++rounds; // expect: data-race "rounds"
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, poll, NULL);
  ++rounds;
  paused = 1; // expect: data-race "paused"
  pthread_mutex_lock(&wakeLock);
  running = 0;
  pthread_mutex_unlock(&wakeLock);
  pthread_join(thread, NULL);
  return 0;
}
