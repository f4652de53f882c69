// annotated.c: the order of the threads is told by annotations, and the locks have names; one lock is of the program's own making.
// finds: lock-order-inversion
// pruned: ordered
// says: 'own lock'
#include "program.h"

#include "threadlint/annotate.h"

MUTEX(a);
MUTEX(b);
MUTEX(c);
static volatile int lock, done;
static void takeOwn(void) {
  while (__sync_lock_test_and_set(&lock, 1))
    ;
  THREADLINT_ACQUIRED(&lock, 0);
}
static void dropOwn(void) {
  THREADLINT_RELEASED(&lock);
  __sync_lock_release(&lock);
}
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  take(&c);
  takeOwn();
  dropOwn();
  drop(&c);
  THREADLINT_HAPPENS_BEFORE(&done);
  __sync_lock_test_and_set(&done, 1);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(100);
  takeOwn(); // before the order is told
  take(&c);
  drop(&c);
  dropOwn();
  while (!done)
    ;
  THREADLINT_HAPPENS_AFTER(&done);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  return unused;
}
int main(void) {
  THREADLINT_LOCK_NAME(&lock, "own lock");
  both(forward, backward);
}
