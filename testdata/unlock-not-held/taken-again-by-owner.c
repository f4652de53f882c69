// A lock made re-entrant by hand: its owner takes it once and counts, and gives it back when the count is zero. The near miss counts as well,
// but nobody writes down an owner.
#include <pthread.h>

struct Owned {
  pthread_mutex_t mutex;
  unsigned long owner;
  int uses;
};

struct Counted {
  pthread_mutex_t mutex;
  int uses;
};

extern unsigned long self(void);
extern int isNeeded(void);

static void enter(struct Owned *lock) {
  const unsigned long me = self();
  if (lock->owner != me) {
    pthread_mutex_lock(&lock->mutex);
    lock->owner = me;
  }
  ++lock->uses;
}

static void leave(struct Owned *lock) {
  if (--lock->uses == 0) {
    lock->owner = 0;
    pthread_mutex_unlock(&lock->mutex);
  }
}

static void begin(struct Counted *lock) {
  if (isNeeded())
    pthread_mutex_lock(&lock->mutex);
  ++lock->uses;
}

static void end(struct Counted *lock) {
  if (--lock->uses == 0)
    pthread_mutex_unlock(&lock->mutex);
}

static struct Owned owned;
static struct Counted counted;

static void *work(void *arg) {
  enter(&owned);
  leave(&owned);
  return arg;
}

static void *workCounted(void *arg) {
  begin(&counted);
  end(&counted); // expect: unlock-not-held
  return arg;
}

int main(void) {
  pthread_t first, second;
  pthread_mutex_init(&owned.mutex, 0);
  pthread_mutex_init(&counted.mutex, 0);
  pthread_create(&first, 0, work, 0);
  pthread_create(&second, 0, workCounted, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}
