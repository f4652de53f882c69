/* The library's functions are called through a table, on the right lock and on the wrong one. */
#include <pthread.h>

struct locking {
  int (*take)(pthread_mutex_t *);
  int (*give)(pthread_mutex_t *);
};

static const struct locking locking = {pthread_mutex_lock, pthread_mutex_unlock};
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static int guarded, mistaken;

static void *work(void *argument) {
  locking.take(&mu);
  ++guarded;
  ++mistaken; // expect: data-race
  locking.give(&mu);
  locking.take(&other);
  ++mistaken;
  locking.give(&other);
  return argument;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, work, 0);
  pthread_create(&second, 0, work, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return guarded + mistaken;
}
