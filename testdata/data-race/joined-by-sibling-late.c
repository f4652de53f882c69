// The second thread touches the item before it waits for the first.
#include <pthread.h>
#include <stdio.h>

static pthread_t producer;
static int item;

static void *produce(void *unused) {
  (void)unused;
  item = 1; // expect: data-race
  return NULL;
}

static void *finish(void *unused) {
  (void)unused;
  printf("%d\n", item);
  pthread_join(producer, NULL);
  return NULL;
}

int main(void) {
  pthread_t finisher;
  if (pthread_create(&producer, NULL, produce, NULL) != 0)
    return 1;
  if (pthread_create(&finisher, NULL, finish, NULL) != 0)
    return 1;
  pthread_join(finisher, NULL);
  return 0;
}
