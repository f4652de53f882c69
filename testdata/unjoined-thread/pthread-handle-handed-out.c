// The function hands the handle to its caller, who joins.
#include <pthread.h>
#include <stdio.h>

struct server {
  pthread_t listener;
};

static void *listen_loop(void *unused) {
  (void)unused;
  puts("listening");
  return NULL;
}

static int server_start(struct server *server) {
  return pthread_create(&server->listener, NULL, listen_loop, NULL);
}

static void server_stop(struct server *server) { pthread_join(server->listener, NULL); }

int main(void) {
  struct server server;
  if (server_start(&server) != 0)
    return 1;
  server_stop(&server);
  return 0;
}
