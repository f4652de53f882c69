// fork-threaded.c: a fork while another thread runs: parent and child each have a report.
// exit: 5
// finds: lock-order-inversion
// processes: 2
#include "program.h"
#include <sys/wait.h>
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

static void *idle(void *unused) {
  pauseMs(200);
  return unused;
}
int main(void) {
  pthread_t thread = start(idle);
  take(&a);
  pid_t child = fork();
  drop(&a);
  if (child == 0) {
    both(forward, backward);
    _exit(5);
  }
  int status = 0;
  waitpid(child, &status, 0);
  join(thread);
  return WEXITSTATUS(status);
}
