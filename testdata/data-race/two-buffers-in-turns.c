// A thread fills one of two buffers while the other is read; they change places at each barrier. Without the change they meet.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

static pthread_barrier_t barrier;
static int buffers[2], shared[2];
static int rounds;

static void fill(int which) { buffers[which] = 1; }
static int look(int which) { return buffers[which]; }

static void *producer(void *unused) {
  int mine = 1, again = 1;
  for (int i = 0; i < rounds; i++) {
    fill(mine);
    shared[again] = i; // expect: data-race "shared"
    pthread_barrier_wait(&barrier);
    mine ^= 1;
  }
  return unused;
}

int main(int count, char **arguments) {
  pthread_t thread;
  int sum = 0, mine = 0;
  rounds = count;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&thread, NULL, producer, NULL);
  for (int i = 0; i < rounds; i++) {
    pthread_barrier_wait(&barrier);
    mine = 1 - mine;
    sum += look(mine) + shared[mine];
  }
  pthread_join(thread, NULL);
  return sum + (arguments != NULL);
}
