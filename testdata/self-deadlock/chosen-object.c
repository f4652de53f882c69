// `a ? b : c` gives the object whose lock is held already on one way, and another one on the other.
#include <pthread.h>

struct queue {
  pthread_mutex_t lock;
  struct queue *forward;
  int length;
};

static void add(struct queue *queue) {
  pthread_mutex_lock(&queue->lock); // expect: self-deadlock
  queue->length++;
  pthread_mutex_unlock(&queue->lock);
}

void append(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  add(queue->forward ? queue->forward : queue);
  pthread_mutex_unlock(&queue->lock);
}

/// Calls itself for the queue that this one leads to, which is this one when only the source leads elsewhere.
void move(struct queue *queue, struct queue *source, int doLock) {
  if (doLock)
    pthread_mutex_lock(&queue->lock); // expect: self-deadlock
  if (!queue->forward && !source->forward) {
    queue->length += source->length;
    source->length = 0;
  } else {
    move(queue->forward ? queue->forward : queue, source->forward ? source->forward : source,
         doLock);
  }
  if (doLock)
    pthread_mutex_unlock(&queue->lock);
}

void moveAll(struct queue *queue, struct queue *source) { move(queue, source, 1); }
