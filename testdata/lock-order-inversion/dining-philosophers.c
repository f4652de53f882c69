/* dining-philosophers.c: everybody takes a fork and then the next one, the last one's next being the first. */
#include <pthread.h>

#define SEATS 5

static pthread_mutex_t fork_of[SEATS];

static void *dine(void *arg) {
  long seat = (long)arg, next = (seat + 1) % SEATS;
  pthread_mutex_lock(&fork_of[seat]);
  pthread_mutex_lock(&fork_of[next]); // expect: lock-order-inversion "elements of 'fork_of[]'"
  pthread_mutex_unlock(&fork_of[next]);
  pthread_mutex_unlock(&fork_of[seat]);
  return 0;
}

int main(void) {
  pthread_t guests[SEATS];
  for (long i = 0; i < SEATS; ++i)
    pthread_mutex_init(&fork_of[i], 0);
  for (long i = 0; i < SEATS; ++i)
    pthread_create(&guests[i], 0, dine, (void *)i);
  for (long i = 0; i < SEATS; ++i)
    pthread_join(guests[i], 0);
  return 0;
}
