// Each user starts a worker of its own, and they count together.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *table;
static int users;
static pthread_t worker;
static atomic_int isOver;
static int rounds;

static void *run(void *argument) {
  (void)argument;
  while (!isOver)
    ++rounds; // expect: data-race
  return 0;
}

static void start(void) {
  table = calloc(16, sizeof *table);
  isOver = 0;
  pthread_create(&worker, 0, run, 0);
}

static void end(void) {
  if (users > 0)
    return;
  isOver = 1;
  pthread_join(worker, 0);
  free(table);
  table = 0;
}

static void *use(void *argument) {
  pthread_mutex_lock(&lock);
  start();
  ++users;
  pthread_mutex_unlock(&lock);
  pthread_mutex_lock(&lock);
  --users;
  end();
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i)
    pthread_create(&threads[i], 0, use, 0);
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
