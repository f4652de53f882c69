// A function that keeps the lock of its object when it returns 1: a caller that gives it back exactly then leaks nothing, one that
// forgets it on a way of its own does.
#include <pthread.h>

struct box {
  pthread_mutex_t lock;
  int state, uses;
};

static int enter(struct box *box) {
  pthread_mutex_lock(&box->lock);
  if (box->state == 0)
    return 1;
  pthread_mutex_unlock(&box->lock);
  return 0;
}

int use(struct box *box) {
  if (!enter(box))
    return 0;
  ++box->uses;
  pthread_mutex_unlock(&box->lock);
  return 1;
}

int use_often(struct box *box) {
  if (!enter(box)) // expect: lock-leak "when 'use_often' returns"
    return 0;
  if (box->uses < 3)
    return 0;
  ++box->uses;
  pthread_mutex_unlock(&box->lock);
  return 1;
}
