/* The child process has a copy of everything and none of the other threads. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static int jobs;

static int start(void) { return (int)fork(); }

static void reset(void) { jobs = 0; }

static void *supervise(void *argument) {
  int child = start();
  if (child > 0) {
    waitpid(child, 0, 0);
  } else if (child == 0) {
    reset();
    _exit(0);
  }
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, supervise, 0);
  ++jobs;
  pthread_join(thread, 0);
  return jobs;
}
