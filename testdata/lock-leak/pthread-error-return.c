// The error path returns without the unlock.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t bufferLock = PTHREAD_MUTEX_INITIALIZER;
static char *buffer;

static int resize(size_t size) {
  pthread_mutex_lock(&bufferLock); // expect: lock-leak
  char *grown = realloc(buffer, size);
  if (grown == NULL)
    return -1;
  buffer = grown;
  pthread_mutex_unlock(&bufferLock);
  return 0;
}

int main(void) {
  if (resize(100) != 0)
    puts("out of memory");
  free(buffer);
  return 0;
}
