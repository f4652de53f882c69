/* semaphore-as-lock-one-order.c: mutex first, semaphore second, in both threads. */
#include <pthread.h>
#include <semaphore.h>

static sem_t permit;
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int shared;

static void *work(void *arg) {
  pthread_mutex_lock(&mu);
  sem_wait(&permit);
  ++shared;
  sem_post(&permit);
  pthread_mutex_unlock(&mu);
  return arg;
}

int main(void) {
  pthread_t a, b;
  sem_init(&permit, 0, 1);
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
