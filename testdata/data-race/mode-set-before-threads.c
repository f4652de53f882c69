// main chooses the safe way of counting before it starts threads, and nobody takes the choice back.
#include <pthread.h>
#include <stdio.h>

static int isShared;
static long bytes;

static void count(long n) {
  if (!isShared)
    bytes += n;
  else
    __atomic_add_fetch(&bytes, n, __ATOMIC_RELAXED);
}

static void share(int verbose) {
  if (verbose)
    puts("shared");
  isShared = 1;
}

static void *work(void *argument) {
  count(5);
  return argument;
}

int main(int argc, char **argv) {
  pthread_t threads[2];
  (void)argv;
  count(1);
  share(argc > 1);
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  printf("%ld\n", bytes);
  return 0;
}
