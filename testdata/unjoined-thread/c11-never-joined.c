// A C11 thread that is neither joined nor detached.
#include <stdio.h>
#include <threads.h>

static int work(void *unused) {
  (void)unused;
  puts("working");
  return 0;
}

static void start(void) {
  thrd_t worker;
  thrd_create(&worker, work, NULL); // expect: unjoined-thread
}

int main(void) {
  start();
  return 0;
}
