// Whether somebody sets the option while the worker runs, nothing tells: programs do so before.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static FILE *output;
static int isVerbose;

void pump_output(FILE *file) { output = file; }
void pump_verbose(void) { isVerbose = 1; }

static void *pump(void *argument) {
  char byte;
  while (read(*(int *)argument, &byte, 1) == 1) {
    if (isVerbose)
      fputs("byte\n", stderr);
    fputc(byte, output ? output : stdout);
  }
  return argument;
}

int pump_start(pthread_t *thread, int *from) { return pthread_create(thread, 0, pump, from); }
