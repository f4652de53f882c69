// The loop under the lock ends when another thread changes the flag: what was known of it before the loop is over.
#include <pthread.h>

struct work {
  pthread_mutex_t lock;
  int stopped, rounds;
};

void work_run(struct work *w) {
  if (w->stopped)
    return;
  pthread_mutex_lock(&w->lock); // expect: lock-leak "when 'work_run' returns"
  for (;;) {
    if (w->stopped)
      return;
    if (++w->rounds > 100)
      break;
  }
  pthread_mutex_unlock(&w->lock);
}
