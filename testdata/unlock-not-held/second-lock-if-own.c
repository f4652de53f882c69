// The near miss: the unlocking function asks the opposite question.
#include <pthread.h>

struct Queue {
  pthread_mutex_t *mutex;
  int length;
};

struct Subscription {
  pthread_mutex_t *mutex;
  struct Queue own, *queue;
};

extern void wake(struct Queue *queue);

static void lockBoth(struct Subscription *s) {
  pthread_mutex_lock(s->mutex);
  if (s->queue != &s->own)
    pthread_mutex_lock(s->queue->mutex);
}

static void unlockBoth(struct Subscription *s) {
  if (s->queue == &s->own)
    pthread_mutex_unlock(s->queue->mutex); // expect: unlock-not-held
  pthread_mutex_unlock(s->mutex);
}

void push(struct Subscription *s, int n) {
  lockBoth(s);
  s->queue->length += n;
  wake(s->queue);
  unlockBoth(s);
}
