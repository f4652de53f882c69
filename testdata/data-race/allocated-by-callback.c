// The creator fills in an object that its own allocator or the user's made, and shows it to a thread afterwards.
#include <pthread.h>
#include <stdlib.h>

typedef void *(*Allocate)(size_t);

struct Queue {
  int head;
  int busy;
  pthread_mutex_t mutex;
};

static void *work(void *argument) {
  struct Queue *queue = argument;
  pthread_mutex_lock(&queue->mutex);
  queue->head++;
  queue->busy--;
  pthread_mutex_unlock(&queue->mutex);
  return NULL;
}

static struct Queue *makeQueue(Allocate allocate) {
  struct Queue *queue = allocate ? allocate(sizeof(struct Queue)) : malloc(sizeof(struct Queue));
  pthread_t thread;
  if (!queue)
    return NULL;
  queue->head = 0;
  pthread_mutex_init(&queue->mutex, NULL);
  pthread_create(&thread, NULL, work, queue);
  queue->busy = 1; // expect: data-race
  pthread_detach(thread);
  return queue;
}

int main(void) {
  struct Queue *first = makeQueue(NULL), *second = makeQueue(malloc);
  return first && second ? 0 : 1;
}
