// The near miss of library-helper-under-lock: this function takes the lock itself, and gives it back too early.
#include <pthread.h>

struct cache {
  pthread_mutex_t mu;
  int entries, removals;
};

static void remove_one(struct cache *c) {
  c->entries--; // expect: data-race
}

void cache_remove_all(struct cache *c) {
  pthread_mutex_lock(&c->mu);
  c->removals++;
  pthread_mutex_unlock(&c->mu);
  for (int i = 0; i < 10; i++)
    remove_one(c);
}

void cache_remove(struct cache *c) {
  pthread_mutex_lock(&c->mu);
  remove_one(c);
  pthread_mutex_unlock(&c->mu);
}
