/* semaphore-twice.c: a binary semaphore is no recursive lock: the second wait waits for its own thread. */
#include <semaphore.h>
#include <pthread.h>

static sem_t lock, started;
static int total;

static void add(int n) {
  sem_wait(&lock); // expect: self-deadlock "lock"
  total += n;
  sem_post(&lock);
}

static void *work(void *arg) {
  sem_wait(&started); /* posted by main: a signal, no lock */
  sem_wait(&started);
  sem_wait(&lock);
  add(1);
  sem_post(&lock);
  return arg;
}

int main(void) {
  pthread_t thread;
  sem_init(&lock, 0, 1);
  sem_init(&started, 0, 1);
  pthread_create(&thread, 0, work, 0);
  sem_post(&started);
  pthread_join(thread, 0);
  return total;
}
