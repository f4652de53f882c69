/* Another program with a function of the same name, which forgets the lock. */
#include <pthread.h>

static int received;

void step(void) {
  ++received; // expect: data-race
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
  return received;
}
