// rebuilt-mutex.c: two mutexes at one address, one after the other: their orders are of different locks.
#include "program.h"

static pthread_mutex_t a, b;
static void *work(void *order) {
  take(order ? &a : &b);
  take(order ? &b : &a);
  drop(order ? &b : &a);
  drop(order ? &a : &b);
  return order;
}
static pthread_t with(void *order) {
  pthread_t thread;
  pthread_create(&thread, 0, work, order);
  return thread;
}
int main(void) {
  for (int round = 0; round < 4; ++round) {
    pthread_mutex_init(&a, 0);
    pthread_mutex_init(&b, 0);
    pthread_t one = with(round % 2 ? &a : 0), two = with(round % 2 ? &a : 0);
    join(one);
    join(two);
    pthread_mutex_destroy(&a);
    pthread_mutex_destroy(&b);
  }
}
