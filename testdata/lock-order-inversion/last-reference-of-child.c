// The last reference to a child is dropped under its parent's lock: two objects, and the parent's lock is waited for meanwhile.
#include <pthread.h>
#include <stdlib.h>

struct node {
  int refs;
  pthread_mutex_t mu;
  struct node *child;
  int size;
};

static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
static struct node *nodes[8];
static int count;

void node_release(struct node *n) {
  if (__sync_sub_and_fetch(&n->refs, 1) > 0)
    return;
  pthread_mutex_lock(&all); // expect: lock-order-inversion "node::mu -> all"
  count--;
  pthread_mutex_unlock(&all);
  free(n);
}

void node_cut(struct node *n) {
  pthread_mutex_lock(&n->mu);
  node_release(n->child);
  n->child = NULL;
  pthread_mutex_unlock(&n->mu);
}

void node_scan(void) {
  pthread_mutex_lock(&all);
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&nodes[i]->mu);
    nodes[i]->size++;
    pthread_mutex_unlock(&nodes[i]->mu);
  }
  pthread_mutex_unlock(&all);
}
