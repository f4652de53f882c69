// The argument says whether the caller holds the lock: each way agrees with it.
#include <pthread.h>

static pthread_mutex_t crawlLock = PTHREAD_MUTEX_INITIALIZER;
static int running;

int finish(int isHeld, int id) {
  if (isHeld) {
    running = id;
    pthread_mutex_unlock(&crawlLock);
    return 1;
  }
  pthread_mutex_lock(&crawlLock);
  running = id;
  pthread_mutex_unlock(&crawlLock);
  return 0;
}

/// Called with the lock, returns with it.
void pause_for(int id) {
  running = id;
  pthread_mutex_unlock(&crawlLock);
  pthread_mutex_lock(&crawlLock);
  running = 0;
}

/// One unlock for both ways in.
void report(unsigned flags) {
  if (flags & 1u)
    pthread_mutex_lock(&crawlLock);
  running = 0;
  pthread_mutex_unlock(&crawlLock);
}
