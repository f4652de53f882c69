/* Code that two programs use: its thread calls what the program has put into the pointer. */
#include "server.h"

#include <pthread.h>

void (*clientGone)(void);
int listening, gone;
static pthread_t thread;

static void *serve(void *argument) {
  if (clientGone)
    clientGone();
  return argument;
}

void startServer(void) {
  listening = 1;
  pthread_create(&thread, 0, serve, 0);
}

void stopServer(void) { listening = 0; }

void waitForServer(void) { pthread_join(thread, 0); }
