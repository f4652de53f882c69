// Two neighbouring elements of an array of mutexes, taken in opposite orders at constant indexes.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t forks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *eat_left_first(void *unused) {
  (void)unused;
  pthread_mutex_lock(&forks[0]);
  pthread_mutex_lock(&forks[1]); // expect: lock-order-inversion "forks"
  puts("eating");
  pthread_mutex_unlock(&forks[1]);
  pthread_mutex_unlock(&forks[0]);
  return NULL;
}

static void *eat_right_first(void *unused) {
  (void)unused;
  pthread_mutex_lock(&forks[1]);
  pthread_mutex_lock(&forks[0]);
  puts("eating");
  pthread_mutex_unlock(&forks[0]);
  pthread_mutex_unlock(&forks[1]);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, eat_left_first, NULL);
  pthread_create(&second, NULL, eat_right_first, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
