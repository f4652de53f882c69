// Two of the locks that the loop makes guard one counter, each on one side.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t *readLock, *writeLock;
static int counter;

static void *count(void *unused) {
  (void)unused;
  pthread_mutex_lock(readLock);
  counter++; // expect: data-race
  pthread_mutex_unlock(readLock);
  return NULL;
}

int main(void) {
  pthread_t worker;
  for (int i = 0; i < 2; i++) {
    pthread_mutex_t *lock = malloc(sizeof *lock);
    if (!lock)
      return 1;
    pthread_mutex_init(lock, NULL);
    if (i == 0)
      readLock = lock;
    else
      writeLock = lock;
  }
  if (pthread_create(&worker, NULL, count, NULL) != 0)
    return 1;
  pthread_mutex_lock(writeLock);
  counter++;
  pthread_mutex_unlock(writeLock);
  pthread_join(worker, NULL);
  printf("%d\n", counter);
  return 0;
}
