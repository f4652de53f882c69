// A function takes a global lock for its callers: one of them forgets to give it back.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void enter(void) { pthread_mutex_lock(&mutex); }
static void leave(void) { pthread_mutex_unlock(&mutex); }

int put(int value) {
  enter(); // expect: lock-leak "when 'put' returns"
  if (value < 0)
    return -1;
  count += value;
  leave();
  return 0;
}

int take(int value) {
  enter();
  if (value > count) {
    leave();
    return -1;
  }
  count -= value;
  leave();
  return 0;
}
