// The function that makes the lock of an object fills in the rest of it, too: nobody else has it yet.
#include <pthread.h>

struct queue {
  pthread_mutex_t mu;
  int length;
};

void queue_init(struct queue *q) {
  pthread_mutex_init(&q->mu, NULL);
  q->length = 0;
}

void queue_put(struct queue *q) {
  pthread_mutex_lock(&q->mu);
  q->length++;
  pthread_mutex_unlock(&q->mu);
}
