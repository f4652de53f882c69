/* join-under-lock-pthread.c: pthread_join under the mutex that the thread's loop takes. */
#include <pthread.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static int stop;

static void *run(void *arg) {
  for (;;) {
    pthread_mutex_lock(&mu);
    int done = stop;
    pthread_mutex_unlock(&mu);
    if (done)
      return arg;
  }
}

static void shut_down(void) {
  pthread_mutex_lock(&mu);
  stop = 1;
  pthread_join(worker, 0); // expect: wait-deadlock "while 'mu' is held"
  pthread_mutex_unlock(&mu);
}

int main(void) {
  pthread_create(&worker, 0, run, 0);
  shut_down();
  return 0;
}
