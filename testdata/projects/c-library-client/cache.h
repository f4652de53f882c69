// A C library with an opaque object that carries its own lock.
#ifndef CACHE_H
#define CACHE_H

#ifdef __cplusplus
extern "C" {
#endif

struct cache;

struct cache *cache_create(void);
void cache_put(struct cache *cache, int value);
int cache_get(struct cache *cache);
void cache_clear(struct cache *cache);
void cache_destroy(struct cache *cache);

#ifdef __cplusplus
}
#endif

#endif
