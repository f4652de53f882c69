// Code out of view gives an object to each of the threads of one function: nothing says that it is the same one.
#include <pthread.h>

struct message {
  int length;
};

struct message *next_message(void);

static void *receive(void *unused) {
  struct message *message = next_message();
  message->length = 0;
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
