// The worker ends when somebody sets the flag: that is done while it runs. And what it counts itself is no option.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int isOver;
static long count;

void pump_stop(void) {
  isOver = 1; // expect: data-race "isOver"
}
long pump_count(void) { return count; }

static int goesOn(void) { return !isOver; }

static void *pump(void *argument) {
  char byte;
  while (goesOn())
    if (read(*(int *)argument, &byte, 1) == 1)
      count++; // expect: data-race "count"
  return argument;
}

int pump_start(pthread_t *thread, int *from) { return pthread_create(thread, 0, pump, from); }
