// A function that forgets the lock on one way, and gives it back on the others, leaves it for nobody: the mistake is inside.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct best {
  pthread_mutex_t mutex;
  size_t live, size;
  char *copy;
};

static void finish(struct best *best, const char *text, size_t size) {
  if (!best)
    return;
  pthread_mutex_lock(&best->mutex); // expect: lock-leak "when 'finish' returns"
  --best->live;
  if (size > best->size) {
    if (!text)
      return;
    free(best->copy);
    best->copy = strdup(text);
    best->size = size;
  }
  pthread_mutex_unlock(&best->mutex);
}

void best_job(struct best *best, const char *text) { finish(best, text, text ? strlen(text) : 1); }

void best_job_empty(struct best *best) { finish(best, "", 0); }
