// The lock is taken at start-up, given away while main waits, and held again when main ends: the program is over then.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static int modules;

static void give_away(void) { pthread_mutex_unlock(&big); }
static void take_back(void) { pthread_mutex_lock(&big); }
static void init(void) { pthread_mutex_lock(&big); }

static void wait_for_work(void) {
  if (modules)
    give_away();
  sleep(1);
  if (modules)
    take_back();
}

int main(int argc, char **argv) {
  (void)argv;
  modules = argc > 1;
  init();
  wait_for_work();
  return 0;
}
