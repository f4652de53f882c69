// The creator holds the gate while it starts the worker and prepares its input; the worker passes the gate first.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int input;

static void waitForStart(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_unlock(&gate);
}

static void *work(void *unused) {
  (void)unused;
  waitForStart();
  printf("%d\n", input);
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_mutex_lock(&gate);
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return 1;
  input = 42;
  pthread_mutex_unlock(&gate);
  pthread_join(worker, NULL);
  return 0;
}
