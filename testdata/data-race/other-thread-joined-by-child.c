// A thread joins whoever's handle was put in a place last: its creator's was, and then another one's.
#include <pthread.h>

pthread_t owner;
int total = 0;

static void *finish(void *unused) {
  pthread_join(owner, NULL);
  ++total; // expect: data-race "total"
  return unused;
}

static void *other(void *unused) { return unused; }

int main(void) {
  pthread_t second;
  owner = pthread_self();
  pthread_create(&owner, NULL, other, NULL);
  pthread_create(&second, NULL, finish, NULL);
  pthread_detach(second);
  ++total;
  pthread_exit(NULL);
}
