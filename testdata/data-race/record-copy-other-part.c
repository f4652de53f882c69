// Each thread copies or changes its own part of the record.
#include <pthread.h>
#include <stdio.h>

struct Range {
  int low, high;
};

struct Settings {
  struct Range wanted, actual;
};

static struct Settings settings;

static void *widen(void *unused) {
  (void)unused;
  settings.actual.high = 10;
  return NULL;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, widen, NULL) != 0)
    return 1;
  struct Range mine = settings.wanted;
  pthread_join(worker, NULL);
  printf("%d\n", mine.high + settings.actual.high);
  return 0;
}
