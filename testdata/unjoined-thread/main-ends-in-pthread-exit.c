// main ends in pthread_exit: the process waits for all its threads.
#include <pthread.h>
#include <stdio.h>

static void *work(void *unused) {
  (void)unused;
  puts("working");
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  pthread_exit(NULL);
}
