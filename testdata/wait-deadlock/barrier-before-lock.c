/* barrier-before-lock.c: the other thread takes the lock only after the barrier. */
// flags: -std=gnu17
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t meet;
static int sum;

static void *first(void *arg) {
  pthread_mutex_lock(&mu);
  ++sum;
  pthread_barrier_wait(&meet);
  pthread_mutex_unlock(&mu);
  return arg;
}

static void *second(void *arg) {
  pthread_barrier_wait(&meet);
  pthread_mutex_lock(&mu);
  ++sum;
  pthread_mutex_unlock(&mu);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_barrier_init(&meet, 0, 2);
  pthread_create(&a, 0, first, 0);
  pthread_create(&b, 0, second, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
