// Nobody runs prepare() before the library is called: table_limit() may read while table_enter() writes.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
static int limit;

static void prepare(void) {
  pthread_mutex_lock(&once);
  limit = getenv("TABLE_LIMIT") ? 100 : 10; // expect: data-race "limit"
  pthread_mutex_unlock(&once);
}

static void attach(void) { prepare(); }

void table_enter(void) { attach(); }
int table_limit(void) { return limit; }
