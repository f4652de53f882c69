// The second loop joins one thread fewer than the first one starts.
#include <pthread.h>
#include <stdio.h>

enum { kWorkers = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  sum++;
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; i++)
    pthread_create(&workers[i], NULL, add, NULL);
  for (int i = 0; i < kWorkers - 1; i++)
    pthread_join(workers[i], NULL);
  sum++; // expect: data-race
  pthread_join(workers[kWorkers - 1], NULL);
  printf("%d\n", sum);
  return 0;
}
