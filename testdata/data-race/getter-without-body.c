// The function is defined elsewhere; its result is used and dropped, so somebody else keeps the object.
#include <pthread.h>
#include <stdio.h>

struct Stats {
  int hits;
};

struct Stats *sharedStats(void);

static void *work(void *unused) {
  (void)unused;
  sharedStats()->hits++; // expect: data-race
  return NULL;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  printf("%d\n", sharedStats()->hits);
  pthread_join(worker, NULL);
  return 0;
}
