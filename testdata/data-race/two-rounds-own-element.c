// A loop of two rounds gives each thread an element of its own; its counter is known in both.
#include <pthread.h>

enum { kWorkers = 2 };

static int total;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *number) {
  int mine = *(int *)number;
  pthread_mutex_lock(&guard);
  total += mine;
  pthread_mutex_unlock(&guard);
  return NULL;
}

int main(void) {
  int numbers[kWorkers];
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; i++) {
    numbers[i] = i;
    pthread_create(&workers[i], NULL, work, &numbers[i]);
  }
  for (int i = 0; i < kWorkers; i++)
    pthread_join(workers[i], NULL);
  return total;
}
