// One thread in view takes the lock as well as the callback: it explains the lock, and the callback may be the only writer.
#include <pthread.h>

void on_event(void (*callback)(int, void *), void *data);
void loop(void);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int connections, limit, most;

static void handle(int event, void *data) {
  if (connections >= limit + event)
    return;
  pthread_mutex_lock(&lock);
  connections += data ? 1 : -1;
  pthread_mutex_unlock(&lock);
}

static void *report(void *argument) {
  pthread_mutex_lock(&lock);
  if (connections > most)
    most = connections;
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_t first, second;
  limit = 10;
  pthread_create(&first, 0, report, 0);
  pthread_create(&second, 0, report, 0);
  on_event(handle, &limit);
  loop();
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}
