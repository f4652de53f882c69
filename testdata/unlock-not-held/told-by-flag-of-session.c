// The session remembers in a word of flags which locks it holds: whoever cleans up gives a lock back where the word says so. A flag that
// nobody sets with the lock tells nothing.
#include <pthread.h>

enum { kHoldsSlot = 1, kHoldsTable = 2, kVerbose = 4 };

struct Log {
  pthread_mutex_t slot, table;
  long written;
};

struct Session {
  struct Log *log;
  unsigned holds, options;
};

extern int isWanted(struct Session *session);

static void begin(struct Session *session) {
  if (!isWanted(session))
    return;
  pthread_mutex_lock(&session->log->slot);
  session->holds |= kHoldsSlot;
}

static void end(struct Session *session) {
  if (session->holds & kHoldsSlot) {
    session->holds &= ~(unsigned)kHoldsSlot;
    pthread_mutex_unlock(&session->log->slot);
  }
}

static void beginTable(struct Session *session) {
  if (!isWanted(session))
    return;
  pthread_mutex_lock(&session->log->table);
  ++session->log->written;
}

static void endTable(struct Session *session) {
  if (session->options & kVerbose) {
    session->log->written = 0;
    pthread_mutex_unlock(&session->log->table); // expect: unlock-not-held
  }
}

static void *work(void *arg) {
  struct Session *session = arg;
  begin(session);
  ++session->log->written;
  end(session);
  return 0;
}

static void *workOnTable(void *arg) {
  struct Session *session = arg;
  beginTable(session); // expect: lock-leak
  ++session->log->written;
  endTable(session);
  return 0;
}

int run(struct Session *session, struct Session *other) {
  pthread_t first, second;
  pthread_create(&first, 0, work, session);
  pthread_join(first, 0);
  pthread_create(&second, 0, workOnTable, other);
  pthread_join(second, 0);
  return 0;
}
