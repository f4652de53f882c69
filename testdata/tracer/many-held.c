// many-held.c: 200 mutexes are held at once; the inversion is between the last two.
// finds: lock-order-inversion
#include "program.h"

enum { kCount = 200 };
static pthread_mutex_t locks[kCount];
static void *all(void *unused) {
  for (int i = 0; i < kCount; ++i)
    take(&locks[i]);
  for (int i = kCount; i-- > 0;)
    drop(&locks[i]);
  return unused;
}
static void *back(void *unused) {
  pauseMs(100);
  take(&locks[kCount - 1]);
  take(&locks[kCount - 2]);
  drop(&locks[kCount - 2]);
  drop(&locks[kCount - 1]);
  return unused;
}
int main(void) {
  for (int i = 0; i < kCount; ++i)
    pthread_mutex_init(&locks[i], 0);
  both(all, back);
}
