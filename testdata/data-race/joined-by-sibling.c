// The second thread waits for the first; who waited for the second knows that both are done.
#include <pthread.h>
#include <stdio.h>

static pthread_t producer;
static int item;

static void *produce(void *unused) {
  (void)unused;
  item = 1;
  return NULL;
}

static void *finish(void *unused) {
  (void)unused;
  pthread_join(producer, NULL);
  item++;
  return NULL;
}

int main(void) {
  pthread_t finisher;
  if (pthread_create(&producer, NULL, produce, NULL) != 0)
    return 1;
  if (pthread_create(&finisher, NULL, finish, NULL) != 0)
    return 1;
  pthread_join(finisher, NULL);
  printf("%d\n", item);
  return 0;
}
