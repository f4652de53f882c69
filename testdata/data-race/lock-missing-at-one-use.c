// The lock of the line guards the port everywhere but where it is set.
#include <pthread.h>
#include <unistd.h>

struct line {
  pthread_mutex_t lock;
  int port;
};

void line_connect(struct line *line, int port) {
  line->port = port; // expect: data-race "port"
}

long line_read(struct line *line, char *to) {
  pthread_mutex_lock(&line->lock);
  long count = read(line->port, to, 1);
  pthread_mutex_unlock(&line->lock);
  return count;
}

long line_write(struct line *line, char *from) {
  pthread_mutex_lock(&line->lock);
  long count = write(line->port, from, 1);
  pthread_mutex_unlock(&line->lock);
  return count;
}

int line_close(struct line *line) {
  pthread_mutex_lock(&line->lock);
  int result = close(line->port);
  line->port = -1;
  pthread_mutex_unlock(&line->lock);
  return result;
}
