// The near miss of maybe-taken-two-calls-below.
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

void add_line(struct log *log) {
  if (!begin(log)) // expect: lock-leak
    return;
  ++log->lines;
  if (log->lines > 100)
    return;
  pthread_mutex_unlock(&log->mutex);
}

void add_lines(struct log *log) {
  if (!begin(log))
    return;
  log->lines += 2;
  pthread_mutex_unlock(&log->mutex);
}
