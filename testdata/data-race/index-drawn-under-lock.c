// The index is drawn under the lock; the element it leads to is the thread's own.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int next;
static double results[100];

static void *work(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    int mine = next++;
    pthread_mutex_unlock(&lock);
    if (mine >= 100)
      return unused;
    results[mine] = mine * 0.5;
  }
}

int main(void) {
  pthread_t first, second;
  if (pthread_create(&first, NULL, work, NULL) != 0)
    return 1;
  if (pthread_create(&second, NULL, work, NULL) != 0)
    return 1;
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
