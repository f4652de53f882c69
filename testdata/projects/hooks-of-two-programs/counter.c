/* Stops the server itself while the thread runs; what its own hook does races. */
#include "server.h"

static void countGone(void) {
  ++gone; // expect: data-race
}

int main(void) {
  clientGone = countGone;
  startServer();
  stopServer();
  const int seen = gone;
  waitForServer();
  return seen;
}
