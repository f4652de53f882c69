// A reader keeps its lock from one call to the next: the first call takes it, later ones give it back for a while. Which one it is the
// object remembers, and other threads could change that for all that is known. The near miss gives nothing back.
#include <pthread.h>
#include <semaphore.h>

struct Blocks {
  pthread_mutex_t mutex;
  sem_t free, filled;
  int isFirst;
  unsigned count;
};

static unsigned nextBlock(struct Blocks *blocks) {
  unsigned number = 0;
  if (blocks->isFirst) {
    blocks->isFirst = 0;
  } else {
    pthread_mutex_unlock(&blocks->mutex);
    number = blocks->count++;
    sem_post(&blocks->free);
  }
  sem_wait(&blocks->filled);
  pthread_mutex_lock(&blocks->mutex);
  return number;
}

static unsigned nextOfOthers(struct Blocks *blocks) {
  sem_wait(&blocks->filled);
  pthread_mutex_lock(&blocks->mutex);
  return blocks->count++;
}

static void *read_(void *arg) {
  for (;;)
    nextBlock(arg);
}

static void *readOthers(void *arg) {
  for (;;)
    nextOfOthers(arg); // expect: self-deadlock
}

static void prepare(struct Blocks *blocks) {
  pthread_mutex_init(&blocks->mutex, 0);
  sem_init(&blocks->free, 0, 0);
  sem_init(&blocks->filled, 0, 0);
  blocks->isFirst = 1;
}

int main(void) {
  static struct Blocks blocks, others;
  pthread_t first, second;
  prepare(&blocks);
  prepare(&others);
  pthread_create(&first, 0, read_, &blocks);
  pthread_create(&second, 0, readOthers, &others);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}
