/* semaphore-as-lock.c: a semaphore with one permit is a lock: it and a mutex are taken in both orders. */
#include <pthread.h>
#include <semaphore.h>

static sem_t permit;
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int shared;

static void *first(void *arg) {
  pthread_mutex_lock(&mu);
  sem_wait(&permit); // expect: lock-order-inversion "mu -> permit -> mu"
  ++shared;
  sem_post(&permit);
  pthread_mutex_unlock(&mu);
  return arg;
}

static void *second(void *arg) {
  sem_wait(&permit);
  pthread_mutex_lock(&mu);
  ++shared;
  pthread_mutex_unlock(&mu);
  sem_post(&permit);
  return arg;
}

int main(void) {
  pthread_t a, b;
  sem_init(&permit, 0, 1);
  pthread_create(&a, 0, first, 0);
  pthread_create(&b, 0, second, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
