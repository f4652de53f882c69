// A function that is printed is not called: no type says with which arguments. One that sorts is.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  int length, items[8];
  void (*serve)(struct queue *);
  int (*compare)(const void *, const void *);
};

static struct queue queue;

static void serve(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  q->length = 0;
  pthread_mutex_unlock(&q->lock);
}

static int compare(const void *a, const void *b) {
  pthread_mutex_lock(&queue.lock); // expect: self-deadlock "since 'sort'"
  int result = *(const int *)a - *(const int *)b;
  pthread_mutex_unlock(&queue.lock);
  return result;
}

static void dump(FILE *out) {
  pthread_mutex_lock(&queue.lock);
  fprintf(out, "%d items, served by %p\n", queue.length, (void *)queue.serve);
  fprintf(out, "compared by %p\n", queue.compare);
  pthread_mutex_unlock(&queue.lock);
}

static void sort(void) {
  pthread_mutex_lock(&queue.lock);
  qsort(queue.items, (size_t)queue.length, sizeof *queue.items, queue.compare);
  pthread_mutex_unlock(&queue.lock);
}

int main(void) {
  pthread_mutex_init(&queue.lock, NULL);
  queue.serve = serve;
  queue.compare = compare;
  dump(stdout);
  sort();
  queue.serve(&queue);
  return 0;
}
