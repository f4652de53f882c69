// The creator gives the gate back before it writes again: the worker may have passed already.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int input;

static void *work(void *unused) {
  (void)unused;
  pthread_mutex_lock(&gate);
  pthread_mutex_unlock(&gate);
  printf("%d\n", input);
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_mutex_lock(&gate);
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  pthread_mutex_unlock(&gate);
  pthread_mutex_lock(&gate);
  input = 42; // expect: data-race
  pthread_mutex_unlock(&gate);
  pthread_join(worker, NULL);
  return 0;
}
