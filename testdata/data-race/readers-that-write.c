/* readers-that-write.c: the readers of a lightswitch share the room: what they write races among them. */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static sem_t room;
static int readers, hits, value;

static void *reader(void *arg) {
  pthread_mutex_lock(&mu);
  if (++readers == 1)
    sem_wait(&room);
  pthread_mutex_unlock(&mu);
  hits++; // expect: data-race "'hits'"
  pthread_mutex_lock(&mu);
  if (--readers == 0)
    sem_post(&room);
  pthread_mutex_unlock(&mu);
  return (char *)arg + value;
}

static void *writer(void *arg) {
  sem_wait(&room);
  value++; // expect: data-race "'value'"
  sem_post(&room);
  return arg;
}

int main(void) {
  pthread_t threads[4];
  sem_init(&room, 0, 1);
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, i < 2 ? reader : writer, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
