// A helper gives the lock back only where something went wrong, and nobody wrote down who holds it: the way without an error keeps it.
#include <pthread.h>

struct Table {
  pthread_mutex_t mutex;
  int count;
};

extern int prepare(const char *name);
extern int store(int number);

static void take(struct Table *table) { pthread_mutex_lock(&table->mutex); }

static void giveBackIf(struct Table *table, int error) {
  if (error)
    pthread_mutex_unlock(&table->mutex);
}

int add(struct Table *table, const char *name) {
  if (prepare(name) != 0)
    return -1;
  take(table); // expect: lock-leak
  giveBackIf(table, store(++table->count));
  return 0;
}
