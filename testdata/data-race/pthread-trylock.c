// pthread_mutex_trylock returns 0 when it got the mutex; the write is on that path only.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t counterLock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *work(void *unused) {
  (void)unused;
  if (pthread_mutex_trylock(&counterLock) != 0)
    return NULL;
  counter++;
  pthread_mutex_unlock(&counterLock);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, work, NULL);
  pthread_create(&second, NULL, work, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", counter);
  return 0;
}
