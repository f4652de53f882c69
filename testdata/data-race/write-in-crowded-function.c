// The near miss of joined-in-crowded-function: the write comes before the join on every way.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t locks[5];
static int done;

static void *work(void *arg) {
  done = 1; // expect: data-race
  return arg;
}

int main(int argc, char **argv) {
  int threaded = argc > 7;
  pthread_t t;
  (void)argv;
  if (threaded)
    pthread_create(&t, NULL, work, NULL);
  done = 2;
  if (argc > 1)
    pthread_mutex_lock(&locks[0]);
  if (argc > 2)
    pthread_mutex_lock(&locks[1]);
  if (argc > 3)
    pthread_mutex_lock(&locks[2]);
  if (argc > 4)
    pthread_mutex_lock(&locks[3]);
  if (argc > 5)
    pthread_mutex_lock(&locks[4]);
  if (argc > 5)
    pthread_mutex_unlock(&locks[4]);
  if (argc > 4)
    pthread_mutex_unlock(&locks[3]);
  if (argc > 3)
    pthread_mutex_unlock(&locks[2]);
  if (argc > 2)
    pthread_mutex_unlock(&locks[1]);
  if (argc > 1)
    pthread_mutex_unlock(&locks[0]);
  if (threaded)
    pthread_join(t, NULL);
  return done;
}
