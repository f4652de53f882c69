// The first thread runs already when main chooses the safe way of counting.
#include <pthread.h>
#include <stdio.h>

static int isShared;
static long bytes;

static void count(long n) {
  if (!isShared)
    bytes += n; // expect: data-race "bytes"
  else
    __atomic_add_fetch(&bytes, n, __ATOMIC_RELAXED);
}

static void *work(void *argument) {
  count(5);
  return argument;
}

int main(void) {
  pthread_t first, second;
  count(1);
  pthread_create(&first, 0, work, 0);
  isShared = 1; // expect: data-race "isShared"
  pthread_create(&second, 0, work, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  printf("%ld\n", bytes);
  return 0;
}
