// The creator serves for ever after it started its background thread.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *watch(void *unused) {
  (void)unused;
  puts("watching");
  return NULL;
}

int main(void) {
  pthread_t watcher;
  pthread_create(&watcher, NULL, watch, NULL);
  for (;;)
    pause();
}
