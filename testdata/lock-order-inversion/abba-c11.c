// Two C11 threads take two mtx_t in opposite orders.
#include <stdio.h>
#include <threads.h>

static mtx_t input;
static mtx_t output;

static int copy(void *unused) {
  (void)unused;
  mtx_lock(&input);
  mtx_lock(&output); // expect: lock-order-inversion "input -> output -> input"
  puts("copy");
  mtx_unlock(&output);
  mtx_unlock(&input);
  return 0;
}

static int swap(void *unused) {
  (void)unused;
  mtx_lock(&output);
  mtx_lock(&input);
  puts("swap");
  mtx_unlock(&input);
  mtx_unlock(&output);
  return 0;
}

int main(void) {
  thrd_t first, second;
  mtx_init(&input, mtx_plain);
  mtx_init(&output, mtx_plain);
  thrd_create(&first, copy, NULL);
  thrd_create(&second, swap, NULL);
  thrd_join(first, NULL);
  thrd_join(second, NULL);
  return 0;
}
