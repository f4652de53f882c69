// A thread joins the one that started it, by the handle that it left: whatever that one did is done.
#include <pthread.h>

pthread_t mainThread;
int total = 0, early = 0, late = 0;

static void *finish(void *unused) {
  early = 1; // expect: data-race "early"
  pthread_join(mainThread, NULL);
  ++total;
  return unused;
}

static void *finishArgument(void *main) {
  pthread_join((pthread_t)main, NULL);
  ++late;
  return NULL;
}

int main(void) {
  pthread_t first, second;
  mainThread = pthread_self();
  pthread_create(&first, NULL, finish, NULL);
  pthread_create(&second, NULL, finishArgument, (void *)pthread_self());
  pthread_detach(first);
  pthread_detach(second);
  ++total;
  ++early;
  ++late;
  pthread_exit(NULL);
}
