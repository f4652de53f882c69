/* The parent's side of a fork still shares with the other threads, and so do threads that are started in the child. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static int jobs, steps;

static void *count(void *argument) {
  ++steps; // expect: data-race
  return argument;
}

static void *supervise(void *argument) {
  int child = (int)fork();
  if (child > 0) {
    jobs = 0; // expect: data-race
    waitpid(child, 0, 0);
  } else if (child == 0) {
    pthread_t thread;
    pthread_create(&thread, 0, count, 0);
    ++steps;
    pthread_join(thread, 0);
    _exit(steps);
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
