// An array of pthreads created in one loop and joined in a second; main uses the sum without a
// lock afterwards.
#include <pthread.h>
#include <stdio.h>

enum { kThreads = 4 };

static pthread_mutex_t sumLock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add(void *unused) {
  (void)unused;
  pthread_mutex_lock(&sumLock);
  sum += 1;
  pthread_mutex_unlock(&sumLock);
  return NULL;
}

int main(void) {
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i)
    pthread_create(&threads[i], NULL, add, NULL);
  for (int i = 0; i < kThreads; ++i)
    pthread_join(threads[i], NULL);
  sum += 100;
  printf("%d\n", sum);
  return 0;
}
