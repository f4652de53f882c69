// Unknown code passes its own object to the callback, not only what was registered with it.
#include <pthread.h>

struct timers;
struct client {
  pthread_mutex_t lock;
  int topics;
};
struct timers {
  struct client *client;
};

void timer_start(struct timers *timers, int interval, void (*callback)(struct timers *, void *), void *data);

static int count(struct client *client) {
  pthread_mutex_lock(&client->lock); // expect: self-deadlock
  int result = client->topics;
  pthread_mutex_unlock(&client->lock);
  return result;
}

static void query(struct timers *timers, void *data) {
  struct client *client = timers->client;
  (void)data;
  pthread_mutex_lock(&client->lock);
  client->topics += count(client);
  pthread_mutex_unlock(&client->lock);
}

void start(struct timers *timers) { timer_start(timers, 5, query, 0); }
