// The loader runs attach() before anybody can call the library, so no call finds the table missing.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool ready;
static int limit;

static void prepare(void) {
  if (ready)
    return;
  pthread_mutex_lock(&once);
  if (!ready) {
    limit = getenv("TABLE_LIMIT") ? 100 : 10;
    ready = 1;
  }
  pthread_mutex_unlock(&once);
}

__attribute__((constructor)) static void attach(void) { prepare(); }

void table_enter(void) { prepare(); }
int table_limit(void) { return limit; }
