// Two pthreads take two mutexes in opposite orders.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void *eat_left_first(void *unused) {
  (void)unused;
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right); // expect: lock-order-inversion "left -> right -> left"
  puts("eating");
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
  return NULL;
}

static void *eat_right_first(void *unused) {
  (void)unused;
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  puts("eating");
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, eat_left_first, NULL);
  pthread_create(&second, NULL, eat_right_first, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
