// The racing counter in C: two pthreads increment one global.
#include <pthread.h>
#include <stdio.h>

static long counter;

static void *work(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; ++i)
    counter++; // expect: data-race
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, work, NULL);
  pthread_create(&second, NULL, work, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%ld\n", counter);
  return 0;
}
