// allocator-without-body.c: a function out of view that is told the size of a record and gives a `void *` makes a new one, which
// its maker has to itself until it hands it out.
#include <stddef.h>

struct mtx;
void mtx_lock(struct mtx *lock);
void mtx_unlock(struct mtx *lock);
struct mtx {
  long opaque[5];
};

struct pipe {
  struct mtx lock;
  int closed, opened;
};

void *zalloc(size_t size);

int pipe_open(struct pipe **out) {
  struct pipe *made = zalloc(sizeof(*made));
  if (!made)
    return 1;
  made->closed = 0;
  made->opened = 1;
  *out = made;
  return 0;
}

void pipe_close(struct pipe *pipe) {
  mtx_lock(&pipe->lock);
  pipe->closed = 1;
  pipe->opened = 0;
  mtx_unlock(&pipe->lock);
}
