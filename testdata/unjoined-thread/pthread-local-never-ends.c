// The handle is dropped, but the thread runs as long as the process: it has nothing to give back.
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static void *serve(void *arg) {
  while (1) {
    sleep(1);
  }
  return arg;
}

static void start(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, serve, NULL);
}

int main(void) {
  start();
  pause();
  return 0;
}
