// Nobody shows what `platform_lock_checked` does, but whoever calls it releases the lock afterwards.
#include <pthread.h>

int platform_lock_checked(pthread_mutex_t *lock);

static pthread_mutex_t input = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static int read_so_far, written_so_far;

void forward(void) {
  platform_lock_checked(&input);
  pthread_mutex_lock(&output); // expect: lock-order-inversion "output"
  written_so_far = read_so_far;
  pthread_mutex_unlock(&output);
  pthread_mutex_unlock(&input);
}

void rewind_both(void) {
  pthread_mutex_lock(&output);
  platform_lock_checked(&input);
  read_so_far = written_so_far = 0;
  pthread_mutex_unlock(&input);
  pthread_mutex_unlock(&output);
}
