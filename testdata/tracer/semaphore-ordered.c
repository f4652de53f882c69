// semaphore-ordered.c: a semaphore stands between the two orders.
// pruned: ordered
#include "program.h"
#include <semaphore.h>

MUTEX(a);
MUTEX(b);
static sem_t done;
static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  sem_post(&done);
  return unused;
}
static void *backward(void *unused) {
  sem_wait(&done);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  return unused;
}
int main(void) {
  sem_init(&done, 0, 0);
  both(forward, backward);
}
