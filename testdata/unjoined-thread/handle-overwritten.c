// handle-overwritten.c: the handle of the first thread is lost when a second thread is created into it.
#include <pthread.h>

static void *work(void *argument) { return argument; }

static void twice(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0); // expect: unjoined-thread
  pthread_create(&thread, 0, work, 0);
  pthread_join(thread, 0);
}

static void joinedBetween(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  pthread_join(thread, 0);
  pthread_create(&thread, 0, work, 0);
  pthread_join(thread, 0);
}

static void kept(void) {
  pthread_t thread, first;
  pthread_create(&thread, 0, work, 0);
  first = thread;
  pthread_create(&thread, 0, work, 0);
  pthread_join(first, 0);
  pthread_join(thread, 0);
}

static void either(int flag) {
  pthread_t thread;
  if (flag)
    pthread_create(&thread, 0, work, 0);
  else
    pthread_create(&thread, 0, work, &flag);
  pthread_join(thread, 0);
}

static void detachedFirst(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  pthread_detach(thread);
  pthread_create(&thread, 0, work, 0);
  pthread_join(thread, 0);
}

void registerThread(pthread_t thread); // defined elsewhere

static void handedOut(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  registerThread(thread);
  pthread_create(&thread, 0, work, 0);
  registerThread(thread);
}

int main(int argc, char **argv) {
  (void)argv;
  twice();
  joinedBetween();
  kept();
  either(argc > 1);
  detachedFirst();
  handedOut();
  return 0;
}
