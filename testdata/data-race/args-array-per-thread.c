// Every thread gets an element of its own of an array of arguments.
#include <pthread.h>
#include <stdio.h>

struct arg {
  int id;
  long sum;
};

static void *worker(void *pointer) {
  struct arg *arg = pointer;
  for (int i = 0; i < arg->id; i++)
    arg->sum += i;
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  struct arg args[8];
  for (int i = 0; i < 8; i++) {
    args[i] = (struct arg){.id = i};
    pthread_create(&threads[i], NULL, worker, &args[i]);
  }
  long total = 0;
  for (int i = 0; i < 8; i++) {
    pthread_join(threads[i], NULL);
    total += args[i].sum;
  }
  printf("%ld\n", total);
  return 0;
}
