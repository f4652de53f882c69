/* condition-pthread-one-mutex.c: the wait releases the caller's mutex, which is all the producer needs. */
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static void wait_for_item(void) {
  while (items == 0)
    pthread_cond_wait(&filled, &mu);
  --items;
}

static void *consume(void *arg) {
  pthread_mutex_lock(&mu);
  wait_for_item();
  pthread_mutex_unlock(&mu);
  return arg;
}

static void *produce(void *arg) {
  pthread_mutex_lock(&mu);
  ++items;
  pthread_cond_signal(&filled);
  pthread_mutex_unlock(&mu);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, consume, 0);
  pthread_create(&b, 0, produce, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
