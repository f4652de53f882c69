// The near miss of last-words: the program goes on after the message.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int state;

static void complain(const char *why) { fprintf(stderr, "%s in state %d\n", why, state); }

static void *work(void *arg) {
  pthread_mutex_lock(&mu);
  state = 2; // expect: data-race
  pthread_mutex_unlock(&mu);
  if (arg)
    complain("no argument wanted");
  return NULL;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, stdin);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
