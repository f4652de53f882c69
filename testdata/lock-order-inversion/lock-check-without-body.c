// A function without body whose name speaks of a lock, but whose callers take the lock themselves: it only looks at it.
#include <pthread.h>

int platform_lock_checked(pthread_mutex_t *lock);

static pthread_mutex_t input = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static int read_so_far, written_so_far;

void forward(void) {
  pthread_mutex_lock(&input);
  platform_lock_checked(&input);
  pthread_mutex_lock(&output);
  written_so_far = read_so_far;
  pthread_mutex_unlock(&output);
  pthread_mutex_unlock(&input);
}

void flush_output(void) {
  pthread_mutex_lock(&output);
  platform_lock_checked(&input);
  written_so_far = 0;
  pthread_mutex_unlock(&output);
}
