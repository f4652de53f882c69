/* semaphore-posted-by-others.c: a semaphore that starts at one is no mutex when somebody posts it without having waited, or when
   it has two permits. */
#include <pthread.h>
#include <semaphore.h>

static sem_t twice, two;
static int a, b;

static void *work(void *arg) {
  for (int i = 0; i < 10; ++i) {
    sem_wait(&twice);
    a++; // expect: data-race "'a'"
    sem_post(&twice);
    sem_post(&twice);
    sem_wait(&two);
    b++; // expect: data-race "'b'"
    sem_post(&two);
  }
  return arg;
}

int main(void) {
  pthread_t first, second;
  sem_init(&twice, 0, 1);
  sem_init(&two, 0, 2);
  pthread_create(&first, 0, work, 0);
  pthread_create(&second, 0, work, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return a + b;
}
