// What a start function writes before it starts the thread, the thread may read: a second start is for another server.
#include <pthread.h>

struct server {
  pthread_mutex_t lock;
  pthread_t thread;
  int mode;
  int served;
};

static void *serve(void *argument) {
  struct server *server = argument;
  if (server->mode) {
    pthread_mutex_lock(&server->lock);
    ++server->served;
    pthread_mutex_unlock(&server->lock);
  }
  return 0;
}

static int start(struct server *server) {
  pthread_mutex_lock(&server->lock);
  server->mode = 1;
  pthread_mutex_unlock(&server->lock);
  return pthread_create(&server->thread, 0, serve, server);
}

int startOne(struct server *server) { return start(server); }

int startAll(struct server **servers, int count) {
  for (int i = 0; i < count; ++i)
    if (start(servers[i]))
      return 1;
  return 0;
}

void stop(struct server *server) { pthread_join(server->thread, 0); }
