// _Atomic objects and the __atomic builtins are atomic accesses.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static _Atomic int requests;
static long bytes;

static void *serve(void *unused) {
  (void)unused;
  atomic_fetch_add(&requests, 1);
  requests++;
  __atomic_add_fetch(&bytes, 100, __ATOMIC_SEQ_CST);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, serve, NULL);
  pthread_create(&second, NULL, serve, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d %ld\n", atomic_load(&requests), bytes);
  return 0;
}
