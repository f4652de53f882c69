// The racing write is reached through a function pointer in a table.
#include <pthread.h>
#include <stdio.h>

static int handled;

static void count_message(void) {
  handled++; // expect: data-race
}

static void print_message(void) { puts("message"); }

static void (*const handlers[])(void) = {count_message, print_message};

static void *dispatch(void *unused) {
  (void)unused;
  for (int i = 0; i < 2; ++i)
    handlers[i]();
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, dispatch, NULL);
  pthread_create(&second, NULL, dispatch, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d\n", handled);
  return 0;
}
