// A lock that knows its owner: who asks it gives it back on every way on which it was taken. What is asked is behind a pointer and cannot
// be followed.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct OwnedLock {
  pthread_mutex_t mutex;
  _Atomic int owner;
};

struct Table {
  struct OwnedLock names;
  int count;
};

struct Session {
  struct Table *table;
  int id;
};

extern int prepare(const char *name);
extern int store(int number);

static void storeNumber(_Atomic int *place, int number) { atomic_store(place, number); }
static int loadNumber(_Atomic int *place) { return atomic_load(place); }

static void take(struct Session *session, struct OwnedLock *lock) {
  if (pthread_mutex_lock(&lock->mutex) != 0)
    perror("lock");
  storeNumber(&lock->owner, session ? session->id : 0);
}

static void giveBack(struct OwnedLock *lock) {
  storeNumber(&lock->owner, -1);
  if (pthread_mutex_unlock(&lock->mutex) != 0)
    perror("unlock");
}

static int isOwned(struct Session *session, struct OwnedLock *lock) {
  return loadNumber(&lock->owner) == session->id;
}

static void giveBackIfOwned(struct Session *session, struct OwnedLock *lock) {
  if (isOwned(session, lock))
    giveBack(lock);
}

void add(struct Session *session, const char *name, unsigned short *id) {
  static unsigned short next;
  if (prepare(name) != 0)
    goto failed;
  take(session, &session->table->names);
  if (*id == 0) {
    *id = ++next;
    if (store(*id) != 0)
      goto failed;
  }
  if (0) {
  failed:
    perror(name);
  }
  giveBackIfOwned(session, &session->table->names);
}

static unsigned short first;
int addFirst(struct Session *session) {
  if (session->id != 0)
    add(session, "first", &first);
  return 0;
}

// The near miss: nobody asks on the way that fails.
int addOnce(struct Session *session, const char *name) {
  if (prepare(name) != 0)
    return -1;
  take(session, &session->table->names); // expect: lock-leak
  const int error = store(++session->table->count);
  if (error)
    return error;
  giveBack(&session->table->names);
  return 0;
}
