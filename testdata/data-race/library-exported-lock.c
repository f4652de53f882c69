// A lock that callers of the library can name: a public function that takes no lock may rely on it. With a private lock it cannot.
#include <pthread.h>
#include <stddef.h>

pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t countLock = PTHREAD_MUTEX_INITIALIZER;
static int table[16], count;

static void *maintain(void *argument) {
  pthread_mutex_lock(&tableLock);
  table[3] = 1;
  pthread_mutex_unlock(&tableLock);
  pthread_mutex_lock(&countLock);
  ++count;
  pthread_mutex_unlock(&countLock);
  return argument;
}

int start(pthread_t *thread) { return pthread_create(thread, NULL, maintain, NULL); }

/// Called with tableLock.
int find(int i) { return table[i & 15]; }

void reset(void) { count = 0; } // expect: data-race "count"
