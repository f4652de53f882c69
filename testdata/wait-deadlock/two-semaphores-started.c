/* two-semaphores-started.c: one of the two starts with a permit, so the ball is in play. */
#include <pthread.h>
#include <semaphore.h>

static sem_t ping, pong;

static void *first(void *arg) {
  sem_wait(&pong);
  sem_post(&ping);
  return arg;
}

static void *second(void *arg) {
  sem_wait(&ping);
  sem_post(&pong);
  return arg;
}

int main(void) {
  pthread_t a, b;
  sem_init(&ping, 0, 0);
  sem_init(&pong, 0, 1);
  pthread_create(&a, 0, first, 0);
  pthread_create(&b, 0, second, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
