/* semaphore-turns.c: two threads take turns by two semaphores: whoever posts one has not waited for it, and still nothing races. */
#include <pthread.h>
#include <semaphore.h>

static sem_t ping, pong;
static int ball;

static void *left(void *arg) {
  for (int i = 0; i < 10; ++i) {
    sem_wait(&ping);
    ball++;
    sem_post(&pong);
  }
  return arg;
}

static void *right(void *arg) {
  for (int i = 0; i < 10; ++i) {
    sem_wait(&pong);
    ball++;
    sem_post(&ping);
  }
  return arg;
}

int main(void) {
  pthread_t first, second;
  sem_init(&ping, 0, 1);
  sem_init(&pong, 0, 0);
  pthread_create(&first, 0, left, 0);
  pthread_create(&second, 0, right, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return ball;
}
