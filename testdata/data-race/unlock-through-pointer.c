// On one path the pointer gives back the lock that guards the counter, and keeps the other one.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t counterLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t logLock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *count(void *unused) {
  (void)unused;
  pthread_mutex_lock(&counterLock);
  counter++; // expect: data-race
  pthread_mutex_unlock(&counterLock);
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  pthread_t worker;
  if (pthread_create(&worker, NULL, count, NULL) != 0)
    return 1;
  pthread_mutex_t *first = &logLock;
  pthread_mutex_t *second = &counterLock;
  if (argc > 1) {
    first = &counterLock;
    second = &logLock;
  }
  pthread_mutex_lock(&counterLock);
  pthread_mutex_lock(&logLock);
  pthread_mutex_unlock(first);
  counter++;
  pthread_mutex_unlock(second);
  pthread_join(worker, NULL);
  printf("%d\n", counter);
  return 0;
}
