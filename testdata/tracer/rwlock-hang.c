// rwlock-hang.c: a reader who takes the lock again behind a waiting writer, where writers are preferred.
// finds: self-deadlock
// hangs
#include "program.h"

static pthread_rwlock_t lock;
static void *write(void *unused) {
  pauseMs(50);
  pthread_rwlock_wrlock(&lock);
  return unused;
}
int main(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&lock, &attributes);
  pthread_t writer = start(write);
  pthread_rwlock_rdlock(&lock);
  pauseMs(150);
  pthread_rwlock_rdlock(&lock);
  join(writer);
}
