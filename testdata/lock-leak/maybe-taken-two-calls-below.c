// Whether the lock is held is told by the result of a result: one more thing to follow than is followed well.
#include <pthread.h>

struct log {
  int isOpen, lines;
  pthread_mutex_t mutex;
};

static int begin(struct log *log) {
  pthread_mutex_lock(&log->mutex);
  if (log->isOpen)
    return 1;
  pthread_mutex_unlock(&log->mutex);
  return 0;
}

static int enter(struct log *log) { return begin(log); }

void add_line(struct log *log) {
  if (!enter(log))
    return;
  ++log->lines;
  if (log->lines > 100)
    return;
  pthread_mutex_unlock(&log->mutex);
}

void add_lines(struct log *log) {
  if (!enter(log))
    return;
  log->lines += 2;
  pthread_mutex_unlock(&log->mutex);
}
