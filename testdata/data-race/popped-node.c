// Each node is taken off the list under the lock, and belongs to the thread that took it.
#include <pthread.h>
#include <stdlib.h>

struct Node {
  struct Node *next;
  int value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct Node *head;

static void push(int value) {
  struct Node *node = malloc(sizeof *node);
  if (!node)
    return;
  node->value = value;
  pthread_mutex_lock(&lock);
  node->next = head;
  head = node;
  pthread_mutex_unlock(&lock);
}

static struct Node *pop(void) {
  pthread_mutex_lock(&lock);
  struct Node *node = head;
  if (node)
    head = node->next;
  pthread_mutex_unlock(&lock);
  return node;
}

static void *work(void *unused) {
  struct Node *node;
  while ((node = pop()) != NULL) {
    node->value++;
    free(node);
  }
  return unused;
}

int main(void) {
  pthread_t first, second;
  for (int i = 0; i < 5; i++)
    push(i);
  if (pthread_create(&first, NULL, work, NULL) != 0 ||
      pthread_create(&second, NULL, work, NULL) != 0)
    exit(1);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
