// A C++ client that uses one cache from two threads.
#include "cache.h"

#include <cstdio>
#include <thread>

static void fill(cache *shared) {
  for (int i = 0; i < 10; ++i)
    cache_put(shared, i);
  std::printf("%d\n", cache_get(shared));
}

static void reset(cache *shared) { cache_clear(shared); }

int main() {
  cache *shared = cache_create();
  std::thread filler(fill, shared);
  std::thread resetter(reset, shared);
  filler.join();
  resetter.join();
  cache_destroy(shared);
}
