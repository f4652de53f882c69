// The near miss: the cursor is told that it holds the lock only when it has gone far enough.
#include <pthread.h>
#include <stdbool.h>

struct Cursor {
  bool holds;
  int at;
};

static pthread_mutex_t visit = PTHREAD_MUTEX_INITIALIZER;
static int data[100];

static int next(struct Cursor *cursor) {
  if (!cursor->holds) {
    pthread_mutex_lock(&visit); // expect: self-deadlock
    if (cursor->at > 50)
      cursor->holds = true;
  }
  return data[cursor->at++];
}

int sumOfTwo(void) {
  struct Cursor cursor = {false, 0};
  int total = next(&cursor);
  total += next(&cursor);
  pthread_mutex_unlock(&visit);
  return total;
}
