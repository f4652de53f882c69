/* Heap objects of one kind, linked in a list: one thread goes along the list, the other takes the follower first. */
#include <pthread.h>
#include <stdlib.h>

struct stage {
  pthread_mutex_t lock;
  struct stage *next;
  int load;
};

static struct stage *first;

static struct stage *make(struct stage *next) {
  struct stage *stage = malloc(sizeof *stage);
  if (!stage)
    abort();
  pthread_mutex_init(&stage->lock, NULL);
  stage->next = next;
  stage->load = 0;
  return stage;
}

static void *hand_on(void *argument) {
  struct stage *stage = argument;
  pthread_mutex_lock(&stage->lock);
  if (stage->next) {
    pthread_mutex_lock(&stage->next->lock); // expect: lock-order-inversion "stage::lock"
    stage->next->load += stage->load;
    pthread_mutex_unlock(&stage->next->lock);
  }
  stage->load = 0;
  pthread_mutex_unlock(&stage->lock);
  return NULL;
}

static void *steal(void *argument) {
  struct stage *stage = argument;
  pthread_mutex_lock(&stage->next->lock);
  pthread_mutex_lock(&stage->lock);
  stage->load += stage->next->load;
  stage->next->load = 0;
  pthread_mutex_unlock(&stage->lock);
  pthread_mutex_unlock(&stage->next->lock);
  return NULL;
}

int main(void) {
  first = make(make(NULL));
  pthread_t a, b;
  pthread_create(&a, NULL, hand_on, first);
  pthread_create(&b, NULL, steal, first);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
