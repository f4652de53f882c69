/* A program of its own: its counter is guarded, and so is what its thread does. */
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int sent;

void step(void) {
  pthread_mutex_lock(&mu);
  ++sent;
  pthread_mutex_unlock(&mu);
}

static void *work(void *argument) {
  step();
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  step();
  pthread_join(thread, 0);
  return sent;
}
