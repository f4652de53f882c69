// The function is defined elsewhere and makes an object for each caller, who keeps it.
#include <pthread.h>
#include <stdio.h>

struct Stats {
  int hits;
};

struct Stats *newStats(void);
void freeStats(struct Stats *stats);

static void *work(void *unused) {
  (void)unused;
  struct Stats *mine = newStats();
  mine->hits++;
  freeStats(mine);
  return NULL;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  struct Stats *mine = newStats();
  mine->hits++;
  printf("%d\n", mine->hits);
  freeStats(mine);
  pthread_join(worker, NULL);
  return 0;
}
