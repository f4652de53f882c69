// A thread waits with a mutex it never took.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t cacheLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t expand = PTHREAD_COND_INITIALIZER;
static int size;

static void await_request(void) {
  pthread_cond_wait(&expand, &cacheLock); // expect: lost-wakeup "does not hold"
}

static void *maintain(void *argument) {
  await_request();
  ++size;
  pthread_mutex_unlock(&cacheLock);
  return argument;
}

void request(void) {
  pthread_mutex_lock(&cacheLock);
  pthread_cond_signal(&expand);
  pthread_mutex_unlock(&cacheLock);
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, maintain, NULL);
  request();
  pthread_join(thread, NULL);
  return 0;
}
