/* semaphore-forks.c: the dining philosophers with semaphores for forks. */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>

static sem_t forks[5];

static int left(int p) { return p; }
static int right(int p) { return (p + 1) % 5; }

static void *philosopher(void *arg) {
  int p = (int)(intptr_t)arg;
  sem_wait(&forks[left(p)]);
  sem_wait(&forks[right(p)]); // expect: lock-order-inversion "forks"
  sem_post(&forks[left(p)]);
  sem_post(&forks[right(p)]);
  return 0;
}

int main(void) {
  pthread_t threads[5];
  for (int i = 0; i < 5; ++i)
    sem_init(&forks[i], 0, 1);
  for (intptr_t i = 0; i < 5; ++i)
    pthread_create(&threads[i], 0, philosopher, (void *)i);
  for (int i = 0; i < 5; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
