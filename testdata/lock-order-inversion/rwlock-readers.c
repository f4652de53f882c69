// Both locks are only ever taken in shared mode: readers do not wait for readers.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t users = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t groups = PTHREAD_RWLOCK_INITIALIZER;

static void *print_users(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&users);
  pthread_rwlock_rdlock(&groups);
  puts("users");
  pthread_rwlock_unlock(&groups);
  pthread_rwlock_unlock(&users);
  return NULL;
}

static void *print_groups(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&groups);
  pthread_rwlock_rdlock(&users);
  puts("groups");
  pthread_rwlock_unlock(&users);
  pthread_rwlock_unlock(&groups);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, print_users, NULL);
  pthread_create(&second, NULL, print_groups, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
