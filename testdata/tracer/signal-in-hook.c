// signal-in-hook.c: a signal handler that locks, at any moment of the hooks.
#include "program.h"
#include <signal.h>
#include <sys/time.h>

MUTEX(a);
MUTEX(b);
MUTEX(own);
static volatile sig_atomic_t handled;
static void handle(int number) {
  (void)number;
  if (pthread_mutex_trylock(&own) == 0)
    drop(&own);
  ++handled;
}
static void *work(void *unused) {
  for (int i = 0; handled < 500 && i < 50000000; ++i) {
    take(&a);
    take(&b);
    drop(&b);
    drop(&a);
  }
  return unused;
}
int main(void) {
  struct sigaction action = {0};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, 0);
  struct itimerval often = {{0, 200}, {0, 200}};
  setitimer(ITIMER_REAL, &often, 0);
  both(work, work);
}
