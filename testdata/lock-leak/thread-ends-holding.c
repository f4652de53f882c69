// A thread ends while it holds the mutex: nobody can ever unlock it.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t resultLock = PTHREAD_MUTEX_INITIALIZER;
static int result;

static void *compute(void *unused) {
  (void)unused;
  pthread_mutex_lock(&resultLock); // expect: lock-leak
  result = 42;
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, compute, NULL);
  pthread_join(worker, NULL);
  printf("%d\n", result);
  return 0;
}
