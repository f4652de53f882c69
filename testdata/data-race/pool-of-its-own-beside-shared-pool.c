// Two fields lead to pools that two calls made: the one of the worker needs no lock, the one of the queue does.
#include <pthread.h>
#include <stdlib.h>

struct Pool {
  pthread_mutex_t mutex;
  int free, used;
};
struct Queue {
  struct Pool *items;
};
struct Worker {
  struct Pool *buffers;
  struct Queue *queue;
};
struct Connection {
  struct Worker *worker;
};

static struct Pool *makePool(void) {
  struct Pool *pool = calloc(1, sizeof(struct Pool));
  if (pool == NULL || pthread_mutex_init(&pool->mutex, NULL) != 0) {
    free(pool);
    return NULL;
  }
  return pool;
}

struct Worker *makeWorker(void) {
  struct Worker *worker = calloc(1, sizeof(struct Worker));
  worker->buffers = makePool();
  worker->queue = calloc(1, sizeof(struct Queue));
  worker->queue->items = makePool();
  return worker;
}

static int take(struct Pool *pool) { return pool->free--; }

int takeBuffer(struct Connection *connection) { return take(connection->worker->buffers); }

int takeItem(struct Connection *connection) {
  struct Pool *pool = connection->worker->queue->items;
  pthread_mutex_lock(&pool->mutex);
  int item = take(pool);
  pool->used++; // expect: data-race
  pthread_mutex_unlock(&pool->mutex);
  return item;
}

// The near miss: the same field.
int countItems(struct Connection *connection) { return connection->worker->queue->items->used; }
