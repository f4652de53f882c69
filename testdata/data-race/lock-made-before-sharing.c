// The near miss of lock-made-here: a thread has the object by the time the rest of it is filled in.
#include <pthread.h>

struct queue {
  pthread_mutex_t mu;
  int length;
};

static void *work(void *arg) {
  struct queue *q = arg;
  pthread_mutex_lock(&q->mu);
  q->length++;
  pthread_mutex_unlock(&q->mu);
  return NULL;
}

static pthread_t start(struct queue *q) {
  pthread_t thread;
  pthread_mutex_init(&q->mu, NULL);
  pthread_create(&thread, NULL, work, q);
  q->length = 0; // expect: data-race
  return thread;
}

int main(void) {
  static struct queue q;
  pthread_join(start(&q), NULL);
  return 0;
}
