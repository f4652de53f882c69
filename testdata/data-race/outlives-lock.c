// The helper outlives the critical section it was started in.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int table;

static void *serve(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  table++;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void *rebuild(void *unused) {
  (void)unused;
  table = 0; // expect: data-race
  return NULL;
}

int main(void) {
  pthread_t server, helper;
  if (pthread_create(&server, NULL, serve, NULL) != 0)
    return 1;
  pthread_mutex_lock(&lock);
  if (pthread_create(&helper, NULL, rebuild, NULL) != 0)
    return 1;
  pthread_mutex_unlock(&lock);
  pthread_join(helper, NULL);
  pthread_join(server, NULL);
  printf("%d\n", table);
  return 0;
}
