/* acquire-function-misused.c: a function that takes the lock it is given; the path that leaks it is in its caller. */
#include <pthread.h>

struct lock {
  pthread_mutex_t mu;
};

static struct lock table = {PTHREAD_MUTEX_INITIALIZER};
static int rows;

static void lock_acquire(struct lock *lock) { pthread_mutex_lock(&lock->mu); }
static void lock_release(struct lock *lock) { pthread_mutex_unlock(&lock->mu); }

static int add(int count) {
  lock_acquire(&table); // expect: lock-leak
  if (count > 10)
    return -1;
  rows += count;
  lock_release(&table);
  return rows;
}

int main(int argc, char **argv) {
  (void)argv;
  return add(argc);
}
