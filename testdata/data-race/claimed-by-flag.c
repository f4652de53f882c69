// Who finds the flag set clears it and does the work; the program means that there is one.
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
  handshake->pipe = -1;
}

static void greet(void) {
  struct handshake *handshake = &greeting;
  if (!handshake->isWanted)
    return;
  handshake->isWanted = 0;
  shut(handshake);
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
