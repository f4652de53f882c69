// Both functions take the lock of a policy, one that it is given and one that a table knows: it may well be the same.
#include <pthread.h>
#include <stdlib.h>

struct group {
  pthread_mutex_t lock;
  int weight;
};

struct policy {
  pthread_mutex_t lock;
  struct group *group;
};

static struct policy *first;

void create(void) {
  first = calloc(1, sizeof *first);
  pthread_mutex_init(&first->lock, 0);
}

void add(struct policy *policy, struct group *group, int weight) {
  pthread_mutex_lock(&policy->lock);
  pthread_mutex_lock(&group->lock);
  group->weight += weight;
  pthread_mutex_unlock(&group->lock);
  pthread_mutex_unlock(&policy->lock);
}

int look(struct group *group) {
  pthread_mutex_lock(&first->lock);
  int weight = group->weight;
  pthread_mutex_unlock(&first->lock);
  return weight;
}
