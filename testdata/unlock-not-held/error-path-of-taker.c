// An error path gives back a lock that only the other path takes: wrong whether or not a caller holds it.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t crawlLock = PTHREAD_MUTEX_INITIALIZER;
static int running;

static int start(int id) {
  pthread_mutex_lock(&crawlLock);
  running = id;
  pthread_mutex_unlock(&crawlLock);
  return id;
}

int crawl(const char *list) {
  int id = atoi(list);
  if (id < 1) {
    pthread_mutex_unlock(&crawlLock); // expect: unlock-not-held "crawl"
    return -1;
  }
  return start(id);
}
