// A pthread read-write lock used as intended: read under rdlock, write under wrlock.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t routesLock = PTHREAD_RWLOCK_INITIALIZER;
static int routes;

static void *print_routes(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&routesLock);
  printf("%d\n", routes);
  pthread_rwlock_unlock(&routesLock);
  return NULL;
}

static void *add_route(void *unused) {
  (void)unused;
  pthread_rwlock_wrlock(&routesLock);
  routes++;
  pthread_rwlock_unlock(&routesLock);
  return NULL;
}

int main(void) {
  pthread_t reader, writer;
  pthread_create(&reader, NULL, print_routes, NULL);
  pthread_create(&writer, NULL, add_route, NULL);
  pthread_join(reader, NULL);
  pthread_join(writer, NULL);
  return 0;
}
