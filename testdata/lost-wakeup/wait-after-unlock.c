// The loop gives its mutex back before it waits with it.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t cacheLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t expand = PTHREAD_COND_INITIALIZER;
static int wanted, size;

static void *maintain(void *argument) {
  for (;;) {
    pthread_mutex_lock(&cacheLock);
    size += wanted;
    wanted = 0;
    pthread_mutex_unlock(&cacheLock);
    pthread_cond_wait(&expand, &cacheLock); // expect: lost-wakeup "given back"
    pthread_mutex_unlock(&cacheLock);
  }
  return argument;
}

void request(void) {
  pthread_mutex_lock(&cacheLock);
  wanted = 1;
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
