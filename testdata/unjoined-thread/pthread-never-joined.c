// A joinable pthread is neither joined nor detached: its stack and exit status are never freed.
#include <pthread.h>
#include <stdio.h>

static void *work(void *unused) {
  (void)unused;
  puts("working");
  return NULL;
}

static void start(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL); // expect: unjoined-thread
}

int main(void) {
  start();
  puts("main is done");
  return 0;
}
