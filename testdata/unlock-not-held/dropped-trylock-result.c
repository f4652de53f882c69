// Nobody looks at what pthread_mutex_trylock says: the unlock, and the change before it, come without the mutex too.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *visit(void *unused) {
  (void)unused;
  pthread_mutex_trylock(&mutex);
  pthread_mutex_unlock(&mutex); // expect: unlock-not-held
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, visit, NULL);
  pthread_create(&second, NULL, visit, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
