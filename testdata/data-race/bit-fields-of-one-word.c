// Two threads write different bit-fields that share a word: one rewrites the other. A word of its own, or only looking, disturbs nobody.
#include <pthread.h>

struct state {
  unsigned open : 1, mode : 3;
  unsigned : 0;
  unsigned done : 1;
  unsigned plain;
  unsigned known : 4, seen : 1;
};
static struct state state;

static void *first(void *unused) {
  state.open = 1; // expect: data-race "state::mode"
  state.plain = 1;
  state.seen = 1;
  return unused;
}

int main(void) {
  pthread_t thread;
  unsigned sum;
  state.known = 7;
  pthread_create(&thread, NULL, first, NULL);
  state.mode = 5;
  state.done = 1;
  sum = state.known;
  pthread_join(thread, NULL);
  return (int)sum;
}
