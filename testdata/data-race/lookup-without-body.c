// lookup-without-body.c: a function out of view that is given a record and its size looks for one; what it gives is no new object.
#include <pthread.h>
#include <stddef.h>

struct pipe {
  int id;
  pthread_mutex_t lock;
  int closed;
};

void *find(const struct pipe *like, size_t size);

int pipe_reopen(int id) {
  struct pipe like = {0};
  like.id = id;
  struct pipe *found = find(&like, sizeof(*found));
  if (!found)
    return 1;
  found->closed = 0; // expect: data-race "closed"
  return 0;
}

int pipe_isClosed(struct pipe *pipe) {
  pthread_mutex_lock(&pipe->lock);
  int closed = pipe->closed;
  pthread_mutex_unlock(&pipe->lock);
  return closed;
}

void pipe_close(struct pipe *pipe) {
  pthread_mutex_lock(&pipe->lock);
  pipe->closed = 1;
  pthread_mutex_unlock(&pipe->lock);
}
