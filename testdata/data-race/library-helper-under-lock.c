// A C library does not say which functions are its interface. This one takes no lock and leaves the
// work to a helper that the other caller calls with the lock held: it may want its own caller to hold it.
#include <pthread.h>

struct cache {
  pthread_mutex_t mu;
  int entries;
};

static void remove_one(struct cache *c) { c->entries--; }

void cache_remove_all(struct cache *c) {
  for (int i = 0; i < 10; i++)
    remove_one(c);
}

void cache_remove(struct cache *c) {
  pthread_mutex_lock(&c->mu);
  remove_one(c);
  pthread_mutex_unlock(&c->mu);
}
