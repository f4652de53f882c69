// A library that locks only where its object is shared: the accesses without the lock belong to objects that are not.
#include <pthread.h>

struct Store {
  int isShared;
  pthread_mutex_t mutex;
  long count;
  long hits;
};

void add(struct Store *store, long n) {
  if (store->isShared)
    pthread_mutex_lock(&store->mutex);
  store->count += n;
  if (store->isShared)
    pthread_mutex_unlock(&store->mutex);
}

long read_count(struct Store *store) {
  long count;
  if (store->isShared)
    pthread_mutex_lock(&store->mutex);
  count = store->count;
  if (store->isShared)
    pthread_mutex_unlock(&store->mutex);
  return count;
}

// The near miss: no mode at all, one side never locks.
void hit(struct Store *store) {
  pthread_mutex_lock(&store->mutex);
  store->hits++; // expect: data-race
  pthread_mutex_unlock(&store->mutex);
}

long read_hits(struct Store *store) { return store->hits; }
