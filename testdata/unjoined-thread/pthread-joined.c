// Pthreads that are joined; creation is checked for errors.
#include <pthread.h>
#include <stdio.h>

static void *work(void *unused) {
  (void)unused;
  puts("working");
  return NULL;
}

int main(void) {
  pthread_t worker;
  int error = pthread_create(&worker, NULL, work, NULL);
  if (error != 0) {
    fprintf(stderr, "pthread_create: %d\n", error);
    return 1;
  }
  pthread_join(worker, NULL);
  return 0;
}
