// A pthread condition variable: the wait gives the mutex up and has it again when it returns.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t boxLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t boxFull = PTHREAD_COND_INITIALIZER;
static int full;
static int letter;

static void *receive(void *unused) {
  (void)unused;
  pthread_mutex_lock(&boxLock);
  while (!full)
    pthread_cond_wait(&boxFull, &boxLock);
  printf("%d\n", letter);
  letter = 0;
  pthread_mutex_unlock(&boxLock);
  return NULL;
}

int main(void) {
  pthread_t receiver;
  pthread_create(&receiver, NULL, receive, NULL);
  pthread_mutex_lock(&boxLock);
  letter = 7;
  full = 1;
  pthread_cond_signal(&boxFull);
  pthread_mutex_unlock(&boxLock);
  pthread_join(receiver, NULL);
  return 0;
}
