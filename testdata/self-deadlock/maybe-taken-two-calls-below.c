// The block that is asked for is locked for the caller, unless it is the first one; the next call gives it back before it takes the next.
#include <pthread.h>

struct blocks {
  int isFirst, hasLock, left;
  pthread_mutex_t mutex;
};

static void next_block(struct blocks *blocks) {
  if (blocks->isFirst)
    blocks->isFirst = 0;
  else
    pthread_mutex_unlock(&blocks->mutex);
  pthread_mutex_lock(&blocks->mutex);
}

static int read_block(struct blocks *blocks) {
  if (blocks->left == 0)
    next_block(blocks);
  return --blocks->left;
}

static int read_all(struct blocks *blocks) {
  int total = 0;
  while (total < 100)
    total += read_block(blocks);
  return total;
}

int read_blocks(struct blocks *blocks) {
  blocks->isFirst = 1;
  blocks->left = 0;
  const int total = read_all(blocks);
  pthread_mutex_unlock(&blocks->mutex);
  return total;
}
