// The near miss of outer-lock-again: one thread takes the inner lock first, so its outer lock does wait.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t outer, inner = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void add(int n) {
  pthread_mutex_lock(&outer); // expect: lock-order-inversion
  total += n;
  pthread_mutex_unlock(&outer);
}

static void *backwards(void *arg) {
  pthread_mutex_lock(&inner);
  add(1);
  pthread_mutex_unlock(&inner);
  return arg;
}

static void *work(void *arg) {
  pthread_mutex_lock(&outer);
  pthread_mutex_lock(&inner);
  total++;
  pthread_mutex_unlock(&inner);
  pthread_mutex_unlock(&outer);
  return arg;
}

int main(void) {
  pthread_mutexattr_t recursive;
  pthread_mutexattr_init(&recursive);
  pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&outer, &recursive);
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, backwards, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
