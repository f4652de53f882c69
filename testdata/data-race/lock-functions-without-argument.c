// A pair of functions that nobody shows, without arguments, takes and gives back a lock of its own.
#include <pthread.h>

void LOCK_STATS(void);
void UNLOCK_STATS(void);

static int hits, misses;

static void *work(void *argument) {
  LOCK_STATS();
  hits++;
  UNLOCK_STATS();
  misses++; // expect: data-race "misses"
  return argument;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, work, 0);
  pthread_create(&second, 0, work, 0);
  LOCK_STATS();
  hits++;
  UNLOCK_STATS();
  pthread_join(first, 0);
  pthread_join(second, 0);
  return hits + misses;
}
