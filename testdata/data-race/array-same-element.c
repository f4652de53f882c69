// Two threads write the same constant element of one array.
#include <pthread.h>
#include <stdio.h>

static int slots[2];

static void *fill_first(void *unused) {
  (void)unused;
  slots[1] = 10; // expect: data-race
  return NULL;
}

static void *fill_second(void *unused) {
  (void)unused;
  slots[1] = 20;
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, fill_first, NULL);
  pthread_create(&second, NULL, fill_second, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", slots[0] + slots[1]);
  return 0;
}
