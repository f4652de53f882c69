// The first acquisition hides in a small locking function.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t statsMutex = PTHREAD_MUTEX_INITIALIZER;
static int requests;

static void stats_lock(void) { pthread_mutex_lock(&statsMutex); }

static void stats_unlock(void) { pthread_mutex_unlock(&statsMutex); }

static void count_request(void) {
  stats_lock();
  requests++;
  pthread_mutex_lock(&statsMutex); // expect: self-deadlock
  printf("%d\n", requests);
  pthread_mutex_unlock(&statsMutex);
  stats_unlock();
}

int main(void) {
  count_request();
  return 0;
}
