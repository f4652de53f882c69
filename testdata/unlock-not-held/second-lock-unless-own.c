// A subscription has a queue of its own or shares one, and the two functions for both locks ask the same question.
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
  if (s->queue == &s->own) {
    pthread_mutex_unlock(s->mutex);
    return;
  }
  pthread_mutex_unlock(s->queue->mutex);
  pthread_mutex_unlock(s->mutex);
}

void push(struct Subscription *s, int n) {
  lockBoth(s);
  s->queue->length += n;
  wake(s->queue);
  unlockBoth(s);
}
