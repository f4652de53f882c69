// A node's value is changed under the lock of the node before it.
#include <pthread.h>
#include <stdio.h>

struct node {
  pthread_mutex_t lock;
  int value;
  struct node *next;
};

static struct node tail = {PTHREAD_MUTEX_INITIALIZER, 0, NULL};
static struct node head = {PTHREAD_MUTEX_INITIALIZER, 0, &tail};

static void *add_to_next(void *argument) {
  struct node *node = argument;
  pthread_mutex_lock(&node->lock);
  node->next->value++; // expect: data-race
  pthread_mutex_unlock(&node->lock);
  return NULL;
}

static void *add_to_self(void *argument) {
  struct node *node = argument;
  pthread_mutex_lock(&node->lock);
  node->value++;
  pthread_mutex_unlock(&node->lock);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, add_to_next, &head);
  pthread_create(&second, NULL, add_to_self, &tail);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", tail.value);
  return 0;
}
