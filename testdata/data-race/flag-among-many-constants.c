// The lock is taken when a flag says so, and the function is called with more constants than it is looked at for: the
// flag decides a branch, the code does not.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int last;

static void note(int code, int do_lock) {
  if (do_lock)
    pthread_mutex_lock(&mu);
  last = code;
  if (do_lock)
    pthread_mutex_unlock(&mu);
}

static void *work(void *arg) {
  note(100, 1);
  note(101, 1);
  note(102, 1);
  note(103, 1);
  note(104, 1);
  note(105, 1);
  note(106, 1);
  note(107, 1);
  note(108, 1);
  note(109, 1);
  note(110, 1);
  note(111, 1);
  note(112, 1);
  note(113, 1);
  note(114, 1);
  note(115, 1);
  note(116, 1);
  note(117, 1);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
