// The lock that the second call waits for was forgotten by the first one: told once, with the return that forgot it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct best {
  pthread_mutex_t mutex;
  pthread_cond_t done;
  size_t live, size;
  char *copy;
};

static void begin(struct best *best) {
  pthread_mutex_lock(&best->mutex);
  ++best->live;
  pthread_mutex_unlock(&best->mutex);
}

static void finish(struct best *best, const char *text, size_t size) {
  pthread_mutex_lock(&best->mutex); // expect: self-deadlock "although this thread already holds it"
  --best->live;
  if (size > best->size) {
    if (!text)
      return;
    free(best->copy);
    best->copy = strdup(text);
    best->size = size;
  }
  if (best->live == 0)
    pthread_cond_broadcast(&best->done);
  pthread_mutex_unlock(&best->mutex);
}

static size_t best_size(struct best *best) {
  pthread_mutex_lock(&best->mutex);
  size_t size = best->size;
  pthread_mutex_unlock(&best->mutex);
  return size;
}

size_t best_of(struct best *best, const char **texts, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    begin(best);
    finish(best, texts[i], texts[i] ? strlen(texts[i]) : 1);
  }
  return best_size(best);
}
