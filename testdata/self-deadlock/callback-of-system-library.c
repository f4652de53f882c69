// What a library is given it may call later, when the lock is free: only functions that are known to call at once tell of a deadlock.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
static int table[16], comparisons;

static void clear(void) {
  pthread_mutex_lock(&tableLock);
  table[0] = 0;
  pthread_mutex_unlock(&tableLock);
}

static int compare(const void *a, const void *b) {
  pthread_mutex_lock(&tableLock); // expect: self-deadlock
  ++comparisons;
  pthread_mutex_unlock(&tableLock);
  return *(const int *)a - *(const int *)b;
}

int main(void) {
  pthread_mutex_lock(&tableLock);
  atexit(clear);
  qsort(table, 16, sizeof table[0], compare);
  pthread_mutex_unlock(&tableLock);
  return 0;
}
