// Whether there is a lock at all is up to the owner. A loop that tries to take it changes nothing about that.
#include <pthread.h>
#include <unistd.h>

struct Log {
  pthread_mutex_t *mutex; // null when the owner asked for no locking
  int lines, isOver;
};

void put(struct Log *log, int lines) {
  if (log->mutex)
    while (pthread_mutex_trylock(log->mutex) != 0)
      usleep(1);
  log->lines = lines;
  if (log->mutex)
    pthread_mutex_unlock(log->mutex);
}

// The near miss: one way out forgets the lock.
int putSome(struct Log *log, int lines) {
  if (log->mutex)
    while (pthread_mutex_trylock(log->mutex) != 0) // expect: lock-leak
      usleep(1);
  if (lines < 0)
    return -1;
  log->lines = lines;
  if (log->mutex)
    pthread_mutex_unlock(log->mutex);
  return 0;
}

// Another near miss: the loop waits for somebody else to change the flag that is tested behind it.
void putLast(struct Log *log, int lines) {
  if (log->isOver)
    return;
  for (;;) {
    if (pthread_mutex_trylock(log->mutex) == 0) { // expect: lock-leak
      if (log->isOver)
        break;
      pthread_mutex_unlock(log->mutex);
    }
    usleep(1);
  }
  log->lines = lines;
  if (!log->isOver)
    pthread_mutex_unlock(log->mutex);
}
