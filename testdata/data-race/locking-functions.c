// The lock is taken and released by two small functions around the access.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t statsMutex = PTHREAD_MUTEX_INITIALIZER;
static int requests;

static void stats_lock(void) { pthread_mutex_lock(&statsMutex); }

static void stats_unlock(void) { pthread_mutex_unlock(&statsMutex); }

static void *serve(void *unused) {
  (void)unused;
  stats_lock();
  requests++;
  stats_unlock();
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, serve, NULL);
  pthread_create(&second, NULL, serve, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", requests);
  return 0;
}
