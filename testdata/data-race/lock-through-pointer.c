// Whichever lock the pointer leads to: the counter is touched under its own lock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t counterLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t firstLog = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t secondLog = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *count(void *unused) {
  (void)unused;
  pthread_mutex_lock(&counterLock);
  counter++;
  pthread_mutex_unlock(&counterLock);
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  pthread_t worker;
  if (pthread_create(&worker, NULL, count, NULL) != 0)
    return 1;
  pthread_mutex_t *log = &firstLog;
  if (argc > 1)
    log = &secondLog;
  pthread_mutex_lock(&counterLock);
  pthread_mutex_lock(log);
  pthread_mutex_unlock(log);
  counter++;
  pthread_mutex_unlock(&counterLock);
  pthread_join(worker, NULL);
  printf("%d\n", counter);
  return 0;
}
