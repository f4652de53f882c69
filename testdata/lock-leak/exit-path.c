// The path without the unlock ends the process.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t logLock = PTHREAD_MUTEX_INITIALIZER;

static void write_log(const char *text) {
  pthread_mutex_lock(&logLock);
  if (puts(text) < 0) {
    perror("log");
    exit(EXIT_FAILURE);
  }
  pthread_mutex_unlock(&logLock);
}

int main(void) {
  write_log("hello");
  return 0;
}
