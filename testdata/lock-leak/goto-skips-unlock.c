// The error label stands behind the unlock, so the jump to it keeps the mutex locked.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t bufferLock = PTHREAD_MUTEX_INITIALIZER;
static char *buffer;

static int resize(size_t size) {
  int result = -1;
  pthread_mutex_lock(&bufferLock); // expect: lock-leak
  char *grown = realloc(buffer, size);
  if (grown == NULL)
    goto failed;
  buffer = grown;
  result = 0;
  pthread_mutex_unlock(&bufferLock);
failed:
  return result;
}

int main(void) {
  if (resize(100) != 0)
    puts("not resized");
  free(buffer);
  return 0;
}
