// Threads are started in a loop in one mode and joined in a loop in the same mode: what follows comes after them. What is done between the
// two loops does not.
#include <pthread.h>
#include <stdlib.h>

struct Options {
  int threads, rounds;
};

static int category, early;

static void *work(void *arg) {
  const struct Options *options = arg;
  for (int i = 0; i < options->rounds; ++i)
    if (category || early)
      break;
  return 0;
}

static int run(struct Options *options) {
  pthread_t *threads = 0;
  if (options->threads == 0) {
    work(options);
  } else {
    threads = malloc((size_t)options->threads * sizeof *threads);
    if (!threads)
      return -1;
    for (int i = 0; i < options->threads; ++i)
      if (pthread_create(&threads[i], 0, work, options) != 0)
        return -1;
  }
  early = 1; // expect: data-race
  if (options->threads) {
    for (int i = 0; i < options->threads; ++i)
      if (pthread_join(threads[i], 0) != 0)
        return -1;
    free(threads);
  }
  category = 1;
  return 0;
}

int main(int argc, char **argv) {
  struct Options options = {argc - 1, argc};
  (void)argv;
  return run(&options);
}
