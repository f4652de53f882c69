// The handle goes to the caller if it wants it, and the callers do.
#include <pthread.h>
#include <stddef.h>

struct Server {
  pthread_t listener;
};

static int start(void *(*function)(void *), void *argument, pthread_t *handle) {
  pthread_t thread;
  int result = pthread_create(&thread, NULL, function, argument); // expect: unjoined-thread
  if (result == 0 && handle != NULL)
    *handle = thread;
  return result;
}

static void *listen(void *argument) { return argument; }

static void startServer(struct Server *server) { start(listen, server, &server->listener); }

// The near miss: nobody keeps this one.
static void startAndForget(void) { start(listen, NULL, NULL); }

int main(void) {
  struct Server server;
  startServer(&server);
  startAndForget();
  pthread_join(server.listener, NULL);
  return 0;
}
