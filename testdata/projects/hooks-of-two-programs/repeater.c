/* Another program: its hook stops the server, and nobody else does. */
#include "server.h"

static void stop(void) { stopServer(); }

int main(void) {
  clientGone = stop;
  startServer();
  waitForServer();
  return 0;
}
