// The flag says that handshakes are wanted and stays set: every thread that finds it does the work.
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct handshake {
  atomic_bool isWanted;
  int pipe;
};

static struct handshake greeting = {1, 2};

static void shut(struct handshake *handshake) {
  close(handshake->pipe);
  handshake->pipe = -1; // expect: data-race "pipe"
}

static void greet(void) {
  struct handshake *handshake = &greeting;
  if (!handshake->isWanted)
    return;
  shut(handshake);
  handshake->isWanted = 0;
}

static void *serve(void *argument) {
  char request;
  while (read(0, &request, 1) == 1)
    if (request == 'h')
      greet();
  return argument;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i)
    pthread_create(&threads[i], 0, serve, 0);
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
