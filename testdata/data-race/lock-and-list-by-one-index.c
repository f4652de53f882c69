// A list hangs on a slot of a table and is guarded by the lock of the same number, also where its head is known by another name.
#include <pthread.h>
#include <stdlib.h>

struct node {
  int value;
  struct node *next;
};

static struct node *slots[8], *others[8];
static pthread_mutex_t locks[8];
extern int pick(void);

static struct node *make(int value) {
  struct node *node = malloc(sizeof *node);
  node->value = value;
  node->next = NULL;
  return node;
}

static void insertAfter(struct node *list, struct node *node) {
  struct node *rest = list->next;
  list->next = node;
  node->next = rest;
}

static void *insert(void *unused) {
  int i = pick();
  pthread_mutex_lock(&locks[i]);
  insertAfter(slots[i], make(3));
  pthread_mutex_unlock(&locks[i]);
  return unused;
}

static void *touchOther(void *unused) {
  int i = pick();
  pthread_mutex_lock(&locks[0]);
  others[i]->value = 4; // expect: data-race "value"
  pthread_mutex_unlock(&locks[0]);
  return unused;
}

int main(void) {
  pthread_t first, second;
  int j = pick(), sum;
  for (int i = 0; i < 8; i++)
    pthread_mutex_init(&locks[i], NULL);
  slots[j] = make(1);
  others[j] = make(5);
  insertAfter(slots[j], make(2));
  pthread_create(&first, NULL, insert, NULL);
  pthread_create(&second, NULL, touchOther, NULL);
  pthread_mutex_lock(&locks[j]);
  sum = slots[j]->next->value + others[j]->value;
  pthread_mutex_unlock(&locks[j]);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return sum;
}
