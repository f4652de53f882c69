// One function takes the locks of the policy and of the group, the other one neither.
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
  group->weight += weight; // expect: data-race
  pthread_mutex_unlock(&group->lock);
  pthread_mutex_unlock(&policy->lock);
}

int look(struct group *group) {
  return group->weight;
}
