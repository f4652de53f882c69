// The near miss of pthread-local-never-ends: the loop ends, and nobody can join the thread any more.
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static void *serve(void *arg) {
  while (sleep(1) == 0) {
  }
  return arg;
}

static void start(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, serve, NULL); // expect: unjoined-thread
}

int main(void) {
  start();
  pause();
  return 0;
}
