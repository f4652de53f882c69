// Every function locks the cache but one.
#include "cache.h"

#include <pthread.h>
#include <stdlib.h>

struct cache {
  pthread_mutex_t lock;
  int value;
};

struct cache *cache_create(void) {
  struct cache *cache = malloc(sizeof *cache);
  if (cache == NULL)
    abort();
  pthread_mutex_init(&cache->lock, NULL);
  cache->value = 0;
  return cache;
}

void cache_put(struct cache *cache, int value) {
  pthread_mutex_lock(&cache->lock);
  cache->value = value;
  pthread_mutex_unlock(&cache->lock);
}

int cache_get(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  int value = cache->value;
  pthread_mutex_unlock(&cache->lock);
  return value;
}

void cache_clear(struct cache *cache) {
  cache->value = 0; // expect: data-race
}

void cache_destroy(struct cache *cache) {
  pthread_mutex_destroy(&cache->lock);
  free(cache);
}
