// Each node that the loop makes has its own lock, and what hangs on the node is guarded by it.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct Item {
  int count;
};

struct Node {
  pthread_mutex_t lock;
  int uses;
  struct Item *item;
};

static struct Node *nodes[4];

static void use(struct Node *node) {
  pthread_mutex_lock(&node->lock);
  node->uses++;
  node->item->count++;
  pthread_mutex_unlock(&node->lock);
}

static void *work(void *unused) {
  (void)unused;
  struct Node *node = nodes[1];
  use(node);
  return NULL;
}

int main(void) {
  pthread_t worker;
  for (int i = 0; i < 4; i++) {
    nodes[i] = calloc(1, sizeof *nodes[i]);
    if (!nodes[i])
      return 1;
    nodes[i]->item = calloc(1, sizeof *nodes[i]->item);
    if (!nodes[i]->item)
      return 1;
    pthread_mutex_init(&nodes[i]->lock, NULL);
  }
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  pthread_mutex_lock(&nodes[1]->lock);
  nodes[1]->uses++;
  pthread_mutex_unlock(&nodes[1]->lock);
  use(nodes[1]);
  pthread_join(worker, NULL);
  return 0;
}
