// c11.c: C11's mutexes and threads in opposite orders.
// finds: lock-order-inversion
// exit: 7
#include "program.h"
#include <threads.h>

static mtx_t a, b;
static int forward(void *unused) {
  mtx_lock(&a);
  mtx_lock(&b);
  mtx_unlock(&b);
  mtx_unlock(&a);
  return unused == 0 ? 3 : 0;
}
static int backward(void *unused) {
  pauseMs(60);
  mtx_lock(&b);
  mtx_lock(&a);
  mtx_unlock(&a);
  mtx_unlock(&b);
  return unused == 0 ? 4 : 0;
}
int main(void) {
  thrd_t one, two;
  int first = 0, second = 0;
  mtx_init(&a, mtx_plain);
  mtx_init(&b, mtx_plain);
  thrd_create(&one, forward, 0);
  thrd_create(&two, backward, 0);
  thrd_join(one, &first);
  thrd_join(two, &second);
  return first + second;
}
