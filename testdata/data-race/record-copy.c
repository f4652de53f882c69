// One thread changes a part of the record while the other copies it as a whole.
#include <pthread.h>
#include <stdio.h>

struct Range {
  int low, high;
};

struct Settings {
  struct Range range;
  int level;
};

static struct Settings settings;

static void *widen(void *unused) {
  (void)unused;
  settings.range.high = 10; // expect: data-race
  return NULL;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, widen, NULL) != 0)
    return 1;
  struct Settings mine = settings;
  pthread_join(worker, NULL);
  printf("%d\n", mine.range.high);
  return 0;
}
