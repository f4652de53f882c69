// Who wants a lock around the work sets two hooks: both are there or none of them is.
#include <pthread.h>

typedef void Hook(void);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static Hook *before, *after;
static int done;

static void lockIt(void) { pthread_mutex_lock(&mutex); }
static void unlockIt(void) { pthread_mutex_unlock(&mutex); }

static void setHooks(Hook *first, Hook *second) {
  before = first;
  after = second;
}

static void work(void) {
  if (before)
    before();
  ++done;
  if (after)
    after();
}

int main(int argc, char **argv) {
  (void)argv;
  work();
  setHooks(lockIt, unlockIt);
  work();
  // The near miss: no hooks, and only one of the two steps is asked for.
  if (argc > 1)
    pthread_mutex_lock(&other);
  pthread_mutex_unlock(&other); // expect: unlock-not-held
  return done;
}
