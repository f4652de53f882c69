// A thread is started and joined in one mode of a big object, by a helper that is given the handle. What comes between hides that it is the
// same thread; that nobody ever joins the other one does not hang on it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct Control {
  unsigned flags;
  pthread_t checker, other;
  char *buffer;
  void (*progress)(struct Control *);
};

static struct Control base, copy;
extern void report(struct Control *control);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *check(void *arg) {
  struct Control *control = arg;
  return control->buffer;
}

static int join(struct Control *control, pthread_t thread) {
  if (pthread_join(thread, 0) != 0)
    control->progress(control);
  return 1;
}

static int compress(struct Control *control) {
  if (control->flags & 4) {
    if (pthread_create(&control->checker, 0, check, control) != 0)
      abort();
    if (pthread_create(&control->other, 0, check, control) != 0) // expect: unjoined-thread
      abort();
  }
  pthread_mutex_lock(&lock);
  control->flags |= 8;
  pthread_mutex_unlock(&lock);
  report(control);
  memcpy(&copy, control, sizeof copy);
  if (control->progress)
    control->progress(control);
  if (control->flags & 4)
    return join(control, control->checker);
  return 0;
}

int main(int argc, char **argv) {
  base.flags = (unsigned)argc;
  base.buffer = argv[0];
  return compress(&base);
}
