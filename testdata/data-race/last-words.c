// What a failing assertion prints on the way to abort() is read without the lock: nobody is hurt.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int state;

__attribute__((noreturn)) static void crash(const char *why) {
  fprintf(stderr, "%s in state %d\n", why, state);
  abort();
}

static void *work(void *arg) {
  pthread_mutex_lock(&mu);
  state = 2;
  pthread_mutex_unlock(&mu);
  if (arg)
    crash("no argument wanted");
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
