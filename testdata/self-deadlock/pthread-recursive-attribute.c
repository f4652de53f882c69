// The attribute makes the pthread mutex recursive.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t tableLock;
static int entries;

static int count_entries(void) {
  pthread_mutex_lock(&tableLock);
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
  pthread_mutexattr_t attribute;
  pthread_mutexattr_init(&attribute);
  pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&tableLock, &attribute);
  pthread_mutexattr_destroy(&attribute);
  print_table();
  pthread_mutex_destroy(&tableLock);
  return 0;
}
