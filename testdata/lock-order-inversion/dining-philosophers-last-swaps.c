/* dining-philosophers-last-swaps.c: the last one takes its two forks the other way round, so there is no ring. */
#include <pthread.h>

#define SEATS 5

static pthread_mutex_t fork_of[SEATS];

static void *dine(void *arg) {
  long seat = (long)arg, next = (seat + 1) % SEATS;
  if (seat == SEATS - 1) {
    pthread_mutex_lock(&fork_of[next]);
    pthread_mutex_lock(&fork_of[seat]);
    pthread_mutex_unlock(&fork_of[seat]);
    pthread_mutex_unlock(&fork_of[next]);
    return 0;
  }
  pthread_mutex_lock(&fork_of[seat]);
  pthread_mutex_lock(&fork_of[next]);
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
