// killed.c: SIGKILL in the middle of the run: what was published is there.
// finds: lock-order-inversion
// exit: 137
#include "program.h"
#include <signal.h>
#include <unistd.h>

MUTEX(a);
MUTEX(b);

static void *forward(void *unused) {
  take(&a);
  take(&b);
  drop(&b);
  drop(&a);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(60);
  take(&b);
  take(&a);
  drop(&a);
  drop(&b);
  return unused;
}

int main(void) {
  both(forward, backward);
  kill(getpid(), SIGKILL);
}
