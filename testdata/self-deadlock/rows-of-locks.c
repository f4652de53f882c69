// A table of locks: neighbours in two directions are two locks, the same place is one.
#include <pthread.h>

static pthread_mutex_t locks[2][2];
static int total;

void across(void) {
  pthread_mutex_lock(&locks[0][1]);
  pthread_mutex_lock(&locks[1][0]);
  total++;
  pthread_mutex_unlock(&locks[1][0]);
  pthread_mutex_unlock(&locks[0][1]);
}

void twice(void) {
  pthread_mutex_lock(&locks[1][0]);
  pthread_mutex_lock(&locks[1][0]); // expect: self-deadlock
  total++;
  pthread_mutex_unlock(&locks[1][0]);
  pthread_mutex_unlock(&locks[1][0]);
}

int main(void) {
  across();
  twice();
  return total;
}
