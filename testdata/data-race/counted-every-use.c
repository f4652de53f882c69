// Each thread sets the function up again, whoever was first.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned users;
static void *(*make)(size_t size);

static void setUp(void) {
  ++users;
  make = malloc; // expect: data-race
}

void enter(void) {
  pthread_mutex_lock(&mutex);
  setUp();
  pthread_mutex_unlock(&mutex);
}

static void *work(void *argument) {
  enter();
  free(make(16));
  return argument;
}

int main(void) {
  pthread_t threads[4];
  enter();
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
