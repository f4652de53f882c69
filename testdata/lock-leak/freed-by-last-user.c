// The last user frees the object. Whoever still has it is another user, so it is there and so is its lock.
#include <pthread.h>
#include <stdlib.h>

struct Connection {
  pthread_mutex_t *mutex;
  int users, isClosed;
};

struct Channel {
  struct Connection *connection;
};

extern int prepare(struct Channel *channel);

static void lockIt(struct Connection *connection) { pthread_mutex_lock(connection->mutex); }
static void unlockIt(struct Connection *connection) { pthread_mutex_unlock(connection->mutex); }

static void drop(struct Connection *connection) {
  int users;
  if (connection == NULL)
    return;
  users = --connection->users;
  if (users == 0) {
    pthread_mutex_destroy(connection->mutex);
    free(connection->mutex);
    free(connection);
  }
}

static int make(struct Channel **made, struct Connection *connection) {
  struct Channel *channel = calloc(1, sizeof *channel);
  if (!channel)
    return 3;
  channel->connection = connection;
  int error = prepare(channel);
  if (error == 0) {
    *made = channel;
  } else {
    drop(channel->connection);
    free(channel);
  }
  return error;
}

static int attempt(struct Connection *connection, struct Channel **made) {
  lockIt(connection);
  if (connection->isClosed) {
    unlockIt(connection);
    return 7;
  }
  connection->users++;
  int error = make(made, connection);
  unlockIt(connection);
  return error;
}

int openChannel(struct Connection *connection, struct Channel **made) {
  return attempt(connection, made);
}

// The near miss: the failed attempt forgets the lock.
int openChannelOnce(struct Connection *connection, struct Channel **made) {
  lockIt(connection); // expect: lock-leak
  connection->users++;
  int error = make(made, connection);
  if (error)
    return error;
  unlockIt(connection);
  return 0;
}
