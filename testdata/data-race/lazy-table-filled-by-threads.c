// The first call fills the table in, and the threads make it.
#include <pthread.h>

static int ready;
static int squares[16];

static void setUp(void) {
  if (ready)
    return;
  for (int i = 0; i < 16; ++i)
    squares[i] = i * i; // expect: data-race
  ready = 1; // expect: data-race
}

static void *work(void *argument) {
  setUp();
  *(int *)argument = squares[3];
  return 0;
}

int main(void) {
  int results[4];
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, work, &results[i]);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return results[0] + results[1];
}
