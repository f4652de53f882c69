// The choice of the object and the choice to lock it go together.
#include <pthread.h>

struct queue {
  pthread_mutex_t lock;
  struct queue *forward;
  int length;
};

static void add(struct queue *queue, int doLock) {
  if (doLock)
    pthread_mutex_lock(&queue->lock);
  queue->length++;
  if (doLock)
    pthread_mutex_unlock(&queue->lock);
}

void append(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  add(queue->forward ? queue->forward : queue, queue->forward ? 1 : 0);
  pthread_mutex_unlock(&queue->lock);
}

void move(struct queue *queue, struct queue *source, int doLock) {
  if (doLock)
    pthread_mutex_lock(&queue->lock);
  if (!queue->forward && !source->forward) {
    queue->length += source->length;
    source->length = 0;
  } else {
    move(queue->forward ? queue->forward : queue, source->forward ? source->forward : source,
         queue->forward ? doLock : 0);
  }
  if (doLock)
    pthread_mutex_unlock(&queue->lock);
}

void moveAll(struct queue *queue, struct queue *source) { move(queue, source, 1); }
