// A function takes a default pthread mutex and calls one that takes it again.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static int count_entries(void) {
  pthread_mutex_lock(&tableLock); // expect: self-deadlock
  int count = entries;
  pthread_mutex_unlock(&tableLock);
  return count;
}

static void print_table(void) {
  pthread_mutex_lock(&tableLock);
  printf("%d entries\n", count_entries());
  pthread_mutex_unlock(&tableLock);
}

int main(void) {
  print_table();
  return 0;
}
