// An error-checking mutex reports the second lock instead of waiting for itself.
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock;

static void enter_again(void) {
  if (pthread_mutex_lock(&lock) == EDEADLK) {
    puts("already held");
    return;
  }
  puts("entered");
  pthread_mutex_unlock(&lock);
}

int main(void) {
  pthread_mutexattr_t attribute;
  pthread_mutexattr_init(&attribute);
  pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&lock, &attribute);
  pthread_mutexattr_destroy(&attribute);
  pthread_mutex_lock(&lock);
  enter_again();
  pthread_mutex_unlock(&lock);
  pthread_mutex_destroy(&lock);
  return 0;
}
