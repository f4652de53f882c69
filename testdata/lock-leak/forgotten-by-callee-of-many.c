// A function without a result leaves its caller's lock held where something fails: its own fault, and no caller can know. It is told once.
// Of two callers that each forget what they always get, each is told.
#include <pthread.h>

struct Table {
  pthread_mutex_t mutex;
  int count;
};

extern int store(int number);

void record(struct Table *table) {
  pthread_mutex_lock(&table->mutex); // expect: lock-leak
  if (store(++table->count) != 0)
    return;
  pthread_mutex_unlock(&table->mutex);
}

void add(struct Table *table) { record(table); }
void addTwo(struct Table *table) {
  record(table);
  store(2);
}
int addThree(struct Table *table) {
  record(table);
  return 3;
}

static void take(struct Table *table) { pthread_mutex_lock(&table->mutex); }

int first(struct Table *table) {
  take(table); // expect: lock-leak
  if (store(1) != 0)
    return -1;
  pthread_mutex_unlock(&table->mutex);
  return 0;
}
int second(struct Table *table) {
  take(table); // expect: lock-leak
  if (store(2) != 0)
    return -1;
  pthread_mutex_unlock(&table->mutex);
  return 0;
}
