// Whoever gets to the initialisation has set the recursive kind: all other ways have failed before.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdlib.h>

struct Connection {
  pthread_mutex_t *mutex;
  int users;
};

static int make(pthread_mutex_t **made) {
  pthread_mutexattr_t kind;
  pthread_mutex_t *mutex = calloc(1, sizeof *mutex);
  int isBad = pthread_mutexattr_init(&kind) != 0;
  if (!isBad && pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) != 0)
    isBad = 1;
  if (!isBad)
    isBad = pthread_mutex_init(mutex, &kind);
  *made = mutex;
  return isBad;
}

static void retain(struct Connection *connection) {
  pthread_mutex_lock(connection->mutex);
  connection->users++;
  pthread_mutex_unlock(connection->mutex);
}

static void *connectAgain(void *argument) {
  struct Connection *connection = argument;
  pthread_mutex_lock(connection->mutex);
  retain(connection);
  pthread_mutex_unlock(connection->mutex);
  return NULL;
}

int main(void) {
  struct Connection *connection = calloc(1, sizeof *connection);
  pthread_t thread;
  if (make(&connection->mutex))
    return 1;
  pthread_create(&thread, NULL, connectAgain, connection);
  pthread_join(thread, NULL);
}
