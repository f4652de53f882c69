// Nobody runs prepare() before the library is called: table_limit() may read while the first table_enter() writes.
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
    limit = getenv("TABLE_LIMIT") ? 100 : 10; // expect: data-race "limit"
    ready = 1;
  }
  pthread_mutex_unlock(&once);
}

static void attach(void) { prepare(); }

void table_enter(void) { attach(); }
int table_limit(void) { return limit; }
