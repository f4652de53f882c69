// The barrier picks the thread that adds up; a number that all threads share picks nobody.
// flags: -std=gnu17
#include <pthread.h>
#include <stddef.h>

static pthread_barrier_t barrier;
static long total, wrong;
static int mode;

static void *run(void *argument) {
  if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
    ++total;
  if (mode == 0)
    ++wrong; // expect: data-race
  pthread_barrier_wait(&barrier);
  return argument;
}

int main(int argc, char **argv) {
  (void)argv;
  mode = argc - 1;
  pthread_t threads[4];
  pthread_barrier_init(&barrier, NULL, 4);
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, run, NULL);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  return (int)total;
}
