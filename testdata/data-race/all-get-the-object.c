// The near miss of each-gets-an-object: all find it in one place.
#include <pthread.h>

struct message {
  int length;
};

extern struct message *message;

static void *receive(void *unused) {
  message->length = 0; // expect: data-race "message::length"
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, receive, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
