// A function with hundreds of accesses: the one step that holds another lock is among those that are kept.
#include <pthread.h>
#include <stddef.h>

#define TEN(name)                                                                                  \
  name##0, name##1, name##2, name##3, name##4, name##5, name##6, name##7, name##8, name##9
#define COUNT(name)                                                                                \
  stats.name##0++, stats.name##1++, stats.name##2++, stats.name##3++, stats.name##4++,             \
      stats.name##5++, stats.name##6++, stats.name##7++, stats.name##8++, stats.name##9++

static struct {
  int TEN(a), TEN(b), TEN(c), TEN(d), TEN(e), TEN(f), TEN(g), TEN(h), TEN(i), TEN(j);
} stats;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int running;

static void *worker(void *unused) {
  pthread_mutex_lock(&mutex);
  COUNT(a), COUNT(b), COUNT(c), COUNT(d), COUNT(e);
  COUNT(f), COUNT(g), COUNT(h), COUNT(i), COUNT(j);
  COUNT(a), COUNT(b), COUNT(c), COUNT(d), COUNT(e);
  COUNT(f), COUNT(g), COUNT(h), COUNT(i), COUNT(j);
  pthread_mutex_lock(&inner[0]);
  running++;
  pthread_mutex_unlock(&inner[0]);
  pthread_mutex_lock(&inner[1]);
  running++;
  pthread_mutex_unlock(&inner[1]);
  pthread_mutex_lock(&inner[2]);
  running++;
  pthread_mutex_unlock(&inner[2]);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_lock(&other);
  running -= 3; // expect: data-race "running"
  pthread_mutex_unlock(&other);
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, worker, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
