// The node stays on the list: another thread may have it, too.
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

static struct Node *top(void) {
  pthread_mutex_lock(&lock);
  struct Node *node = head;
  pthread_mutex_unlock(&lock);
  return node;
}

static void *work(void *unused) {
  struct Node *node = top();
  if (node)
    node->value++; // expect: data-race
  return unused;
}

int main(void) {
  pthread_t first, second;
  push(1);
  if (pthread_create(&first, NULL, work, NULL) != 0 ||
      pthread_create(&second, NULL, work, NULL) != 0)
    exit(1);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
