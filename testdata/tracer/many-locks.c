// many-locks.c: 5,000 mutexes in a chain of orders, and one order that closes it.
// finds: lock-order-inversion
#include "program.h"

enum { kCount = 5000 };
static pthread_mutex_t locks[kCount];
static void *chain(void *unused) {
  for (int i = 0; i + 1 < kCount; ++i) {
    take(&locks[i]);
    take(&locks[i + 1]);
    drop(&locks[i + 1]);
    drop(&locks[i]);
  }
  return unused;
}
static void *back(void *unused) {
  pauseMs(300);
  take(&locks[kCount - 1]);
  take(&locks[kCount - 2]);
  drop(&locks[kCount - 2]);
  drop(&locks[kCount - 1]);
  return unused;
}
int main(void) {
  for (int i = 0; i < kCount; ++i)
    pthread_mutex_init(&locks[i], 0);
  both(chain, back);
}
