// Who opens the port holds the lock of the queue by chance; nobody else who uses the port does.
#include <pthread.h>
#include <unistd.h>

struct line {
  pthread_mutex_t lock;
  int port;
};

struct queue {
  struct line *line;
  int length;
};

void line_connect(struct line *line, int port) { line->port = port; }
long line_read(struct line *line, char *to) { return read(line->port, to, 1); }
long line_write(struct line *line, char *from) { return write(line->port, from, 1); }
int line_close(struct line *line) { return close(line->port); }

int line_push(struct line *line, struct queue *queue) {
  pthread_mutex_lock(&line->lock);
  queue->length++;
  int copy = dup(line->port);
  pthread_mutex_unlock(&line->lock);
  return copy;
}
