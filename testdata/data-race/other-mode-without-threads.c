// A server handles its clients in threads, or all of them in the thread that calls it. What only the second mode does meets no thread.
#include <pthread.h>
#include <stdlib.h>

struct Server {
  int inBackground;
  struct Client *first;
};

struct Client {
  struct Server *server;
  struct Client *next;
  pthread_mutex_t mutex;
  pthread_t thread;
  int received;
  int dropped;
};

extern int receive(void);

static void *serve(void *argument) {
  struct Client *client = argument;
  while (receive()) {
    pthread_mutex_lock(&client->mutex);
    ++client->received;
    ++client->dropped;
    pthread_mutex_unlock(&client->mutex);
  }
  return NULL;
}

static void accept1(struct Client *client) {
  if (client->server->inBackground)
    pthread_create(&client->thread, NULL, serve, client);
}

static void stop(struct Server *server) {
  struct Client *client = server->first;
  client->dropped = 0; // expect: data-race
  if (server->inBackground)
    pthread_join(client->thread, NULL);
  else
    client->received = 0;
}

int main(int argc, char **argv) {
  static struct Server server;
  static struct Client client;
  (void)argv;
  client.server = &server;
  server.first = &client;
  server.inBackground = argc > 1;
  accept1(&client);
  stop(&server);
  return client.received;
}
