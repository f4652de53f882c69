// Each thread reads under one read-write lock and waits to write under the other.
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t users = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t groups = PTHREAD_RWLOCK_INITIALIZER;

static void *update_groups(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&users);
  pthread_rwlock_wrlock(&groups); // expect: lock-order-inversion "users -> groups -> users"
  puts("groups");
  pthread_rwlock_unlock(&groups);
  pthread_rwlock_unlock(&users);
  return NULL;
}

static void *update_users(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&groups);
  pthread_rwlock_wrlock(&users);
  puts("users");
  pthread_rwlock_unlock(&users);
  pthread_rwlock_unlock(&groups);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, update_groups, NULL);
  pthread_create(&second, NULL, update_users, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
