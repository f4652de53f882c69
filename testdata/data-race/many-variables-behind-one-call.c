// One call of each side seems to race on more than ten variables: whether the two calls meet is one question, and it is asked once.
#include <pthread.h>

static int opened, closed, sent, received, dropped, retried, queued, delayed, failed, parsed, checked;

static void count(void) {
  ++opened; // expect: data-race "opened"
  ++closed;
  ++sent;
  ++received;
  ++dropped;
  ++retried;
  ++queued;
  ++delayed;
  ++failed;
  ++parsed;
  ++checked;
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
