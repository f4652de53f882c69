// The same with the lock given back last.
#include <pthread.h>

struct log {
  pthread_mutex_t mutex;
  struct log *next;
  unsigned long written, dropped;
};

static struct log *logs;
pthread_mutex_t logs_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned long written, dropped;
static pthread_t thread;

int put(struct log *log, const char *text);

static void *collect(void *unused) {
  for (;;) {
    pthread_mutex_lock(&logs_mutex);
    for (struct log *log = logs; log; log = log->next) {
      pthread_mutex_lock(&log->mutex);
      written += log->written;
      dropped += log->dropped;
      log->written = 0;
      log->dropped = 0;
      pthread_mutex_unlock(&log->mutex);
    }
    pthread_mutex_unlock(&logs_mutex);
  }
  return unused;
}

int log_start(void) { return pthread_create(&thread, 0, collect, 0); }

int log_write(struct log *log, const char *text) {
  pthread_mutex_lock(&log->mutex);
  if (put(log, text) < 0) {
    ++log->dropped;
    pthread_mutex_unlock(&log->mutex);
    return -1;
  }
  ++log->written;
  pthread_mutex_unlock(&log->mutex);
  return 0;
}
