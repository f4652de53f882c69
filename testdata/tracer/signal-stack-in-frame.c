// signal-stack-in-frame.c: a handler interrupts hooks of a caller in whose frame its signal stack lies.
#include "program.h"
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

MUTEX(a);
static pthread_mutex_t others[4096];
static sem_t semaphore;
static volatile sig_atomic_t handled;
static void handle(int number) {
  (void)number;
  sem_post(&semaphore);
  sem_trywait(&semaphore);
  ++handled;
}
int main(void) {
  char memory[256 * 1024];
  memset(memory, 0, sizeof memory);
  sem_init(&semaphore, 0, 0);
  stack_t stack = {0};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  sigaltstack(&stack, 0);
  struct sigaction action = {0};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  sigaction(SIGALRM, &action, 0);
  struct itimerval often = {{0, 50}, {0, 50}}, never = {0};
  for (int i = 0; i < 4096; ++i)
    pthread_mutex_init(&others[i], 0);
  setitimer(ITIMER_REAL, &often, 0);
  for (int i = 0; handled < 1000 && i < 500000; ++i) {
    take(&a);
    take(&others[i % 4096]);
    drop(&others[i % 4096]);
    drop(&a);
  }
  setitimer(ITIMER_REAL, &never, 0);
}
