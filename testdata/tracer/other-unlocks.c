// other-unlocks.c: a mutex that one thread takes and another one releases is not held for ever.
#include "program.h"

MUTEX(baton);
MUTEX(a);
static void *pass(void *unused) {
  pauseMs(30);
  drop(&baton);
  take(&a);
  take(&baton);
  drop(&baton);
  drop(&a);
  return unused;
}
int main(void) {
  take(&baton);
  pthread_t thread = start(pass);
  join(thread);
  take(&a);
  drop(&a);
  return 0;
}
