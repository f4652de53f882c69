// The near miss of many-variables-behind-one-call: ten variables are told one by one.
#include <pthread.h>

static int opened, closed, sent, received, dropped, retried, queued, delayed, failed, parsed;

static void count(void) {
  ++opened; // expect: data-race
  ++closed; // expect: data-race
  ++sent; // expect: data-race
  ++received; // expect: data-race
  ++dropped; // expect: data-race
  ++retried; // expect: data-race
  ++queued; // expect: data-race
  ++delayed; // expect: data-race
  ++failed; // expect: data-race
  ++parsed; // expect: data-race
}

static void step(void) { count(); }

static void *serve(void *unused) {
  step();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, serve, 0);
  step();
  pthread_join(thread, 0);
  return 0;
}
