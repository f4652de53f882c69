// Two ways to detach: the creator detaches the handle, the thread detaches itself.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *work(void *unused) {
  (void)unused;
  puts("working");
  return NULL;
}

static void *work_alone(void *unused) {
  (void)unused;
  pthread_detach(pthread_self());
  puts("working alone");
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, work, NULL);
  pthread_detach(first);
  pthread_create(&second, NULL, work_alone, NULL);
  sleep(1);
  return 0;
}
