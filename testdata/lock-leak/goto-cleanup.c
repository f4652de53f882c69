// Every path reaches one label that unlocks.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t bufferLock = PTHREAD_MUTEX_INITIALIZER;
static char *buffer;

static int resize(size_t size) {
  int result = -1;
  pthread_mutex_lock(&bufferLock);
  if (size == 0)
    goto out;
  char *grown = realloc(buffer, size);
  if (grown == NULL)
    goto out;
  buffer = grown;
  result = 0;
out:
  pthread_mutex_unlock(&bufferLock);
  return result;
}

int main(void) {
  if (resize(100) != 0)
    puts("not resized");
  free(buffer);
  return 0;
}
