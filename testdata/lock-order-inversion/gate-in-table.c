// A lock of a table, picked by a hash, keeps no other thread out: that one holds another lock of the table.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t stripes[64];
static pthread_mutex_t pages = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lists[8];
static int moved;

static pthread_mutex_t *try_stripe(unsigned hash) {
  pthread_mutex_t *stripe = &stripes[hash & 63];
  return pthread_mutex_trylock(stripe) == 0 ? stripe : NULL;
}

static void unlink_item(int list) {
  pthread_mutex_lock(&lists[list]); // expect: lock-order-inversion "pages -> lists[] -> pages"
  moved++;
  pthread_mutex_unlock(&lists[list]);
}

static void free_item(void) {
  pthread_mutex_lock(&pages);
  pthread_mutex_unlock(&pages);
}

static void *mover(void *unused) {
  for (int i = 0; i < 100; i++) {
    pthread_mutex_lock(&pages);
    pthread_mutex_t *stripe = try_stripe((unsigned)i);
    if (stripe) {
      unlink_item(i % 8);
      pthread_mutex_unlock(stripe);
    }
    pthread_mutex_unlock(&pages);
  }
  return unused;
}

static void *puller(void *unused) {
  for (int i = 0; i < 100; i++) {
    pthread_mutex_lock(&lists[i % 8]);
    pthread_mutex_t *stripe = try_stripe((unsigned)i * 7);
    if (stripe) {
      free_item();
      pthread_mutex_unlock(stripe);
    }
    pthread_mutex_unlock(&lists[i % 8]);
  }
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, mover, NULL);
  pthread_create(&threads[1], NULL, puller, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
