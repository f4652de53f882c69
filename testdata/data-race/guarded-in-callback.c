// The threads that run the callback are out of view; its lock tells that there are several.
void LOCK_STATS(void);
void UNLOCK_STATS(void);
void on_event(void (*callback)(int, void *), void *data);
void loop(void);

static int connections, limit, lastEvent;

static void handle(int event, void *data) {
  lastEvent = event;
  if (connections >= limit)
    return;
  LOCK_STATS();
  connections += data ? 1 : -1; // expect: data-race "connections"
  UNLOCK_STATS();
}

int main(void) {
  limit = 10;
  on_event(handle, &limit);
  loop();
  return lastEvent;
}
