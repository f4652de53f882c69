// Whether there is a lock hangs on the kind of the object. A loop between lock and unlock changes nothing about that.
#include <pthread.h>
#include <stddef.h>

struct Node {
  struct Node *next;
  int key, uses;
};

struct Table {
  int isShared;
  pthread_mutex_t mutex;
  struct Node *first;
};

static void lockTable(struct Table *table) {
  if (table && table->isShared)
    pthread_mutex_lock(&table->mutex);
}

static void unlockTable(struct Table *table) {
  if (table && table->isShared)
    pthread_mutex_unlock(&table->mutex);
}

int find(struct Table *table, int key) {
  lockTable(table);
  for (struct Node *node = table->first; node; node = node->next)
    if (node->key == key) {
      node->uses++;
      unlockTable(table);
      return 1;
    }
  unlockTable(table);
  return 0;
}

// The near miss: one of the ways out of the loop forgets the lock.
int findAndForget(struct Table *table, int key) {
  if (table->isShared)
    pthread_mutex_lock(&table->mutex); // expect: lock-leak
  for (struct Node *node = table->first; node; node = node->next)
    if (node->key == key) {
      node->uses++;
      return 1;
    }
  unlockTable(table);
  return 0;
}
