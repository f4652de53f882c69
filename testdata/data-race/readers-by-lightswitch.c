/* readers-by-lightswitch.c: the first reader takes the room and the last gives it back, written out and in two helpers. */
#include <pthread.h>
#include <semaphore.h>

typedef struct {
  sem_t lock, writelock;
  int readers;
} rwlock_t;

static rwlock_t rw;
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static sem_t room;
static int readers, value, counter;

static void startReading(rwlock_t *lock) {
  sem_wait(&lock->lock);
  lock->readers++;
  if (lock->readers == 1)
    sem_wait(&lock->writelock);
  sem_post(&lock->lock);
}

static void stopReading(rwlock_t *lock) {
  sem_wait(&lock->lock);
  if (--lock->readers == 0)
    sem_post(&lock->writelock);
  sem_post(&lock->lock);
}

static void *reader(void *arg) {
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    startReading(&rw);
    sum += counter;
    stopReading(&rw);
    pthread_mutex_lock(&mu);
    if (readers++ == 0)
      sem_wait(&room);
    pthread_mutex_unlock(&mu);
    sum += value;
    pthread_mutex_lock(&mu);
    readers--;
    if (!readers)
      sem_post(&room);
    pthread_mutex_unlock(&mu);
  }
  return (char *)arg + sum;
}

static void *writer(void *arg) {
  for (int i = 0; i < 10; ++i) {
    sem_wait(&rw.writelock);
    counter++;
    sem_post(&rw.writelock);
    sem_wait(&room);
    value++;
    sem_post(&room);
  }
  return arg;
}

int main(void) {
  pthread_t threads[4];
  sem_init(&rw.lock, 0, 1);
  sem_init(&rw.writelock, 0, 1);
  sem_init(&room, 0, 1);
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, i < 2 ? reader : writer, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
