/* A try that fails says EBUSY: past that test the lock is held. Past another test it is not. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <pthread.h>

static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER, wrong = PTHREAD_RWLOCK_INITIALIZER;
static int rows;

static void *prune(void *argument) {
  if (pthread_rwlock_trywrlock(&right) == EBUSY)
    return argument;
  ++rows;
  pthread_rwlock_unlock(&right);
  if (pthread_rwlock_trywrlock(&wrong) == EINVAL)
    return argument;
  ++rows;
  pthread_rwlock_unlock(&wrong); // expect: unlock-not-held
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, prune, 0);
  pthread_join(thread, 0);
  return rows;
}
