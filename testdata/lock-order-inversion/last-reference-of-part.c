// A part of an object drops its reference to it under the object's lock: whoever holds the lock has a reference of its own, so it is
// not the last one that is dropped there.
#include <pthread.h>
#include <stdlib.h>

struct topic {
  int refs;
  pthread_mutex_t mu;
  int partitions;
};
struct part {
  int refs;
  struct topic *owner;
  int leader;
};

static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
static struct topic *topics[8];
static int count;

void topic_release(struct topic *t) {
  if (__builtin_expect(!!(__sync_sub_and_fetch(&t->refs, 1) > 0), 1))
    return;
  pthread_mutex_lock(&all);
  count--;
  pthread_mutex_unlock(&all);
  free(t);
}

static void part_release(struct part *p) {
  if (__sync_sub_and_fetch(&p->refs, 1) > 0)
    return;
  topic_release(p->owner);
  free(p);
}

void topic_lost(struct topic *t, struct part *p) {
  pthread_mutex_lock(&t->mu);
  p->leader = 0;
  part_release(p);
  pthread_mutex_unlock(&t->mu);
}

void topic_scan(void) {
  pthread_mutex_lock(&all);
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&topics[i]->mu);
    topics[i]->partitions++;
    pthread_mutex_unlock(&topics[i]->mu);
  }
  pthread_mutex_unlock(&all);
}
