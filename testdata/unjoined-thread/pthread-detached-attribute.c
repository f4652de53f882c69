// A pthread created with the detached attribute needs no join.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *work(void *unused) {
  (void)unused;
  puts("working");
  return NULL;
}

int main(void) {
  pthread_attr_t attribute;
  pthread_t worker;
  pthread_attr_init(&attribute);
  pthread_attr_setdetachstate(&attribute, PTHREAD_CREATE_DETACHED);
  pthread_create(&worker, &attribute, work, NULL);
  pthread_attr_destroy(&attribute);
  sleep(1);
  return 0;
}
