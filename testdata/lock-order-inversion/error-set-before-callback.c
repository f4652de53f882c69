// Whoever drops a job tells its callback so by an error, and with an error the callback takes no lock.
#include <pthread.h>
#include <stdlib.h>

struct job {
  int error;
  void (*done)(struct job *);
  struct job *next;
};

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static struct job *head;
static int entries;

static void add_entry(void) {
  pthread_mutex_lock(&table);
  entries++;
  pthread_mutex_unlock(&table);
}

static void on_done(struct job *j) {
  if (j->error)
    return;
  add_entry();
}

void post(void) {
  struct job *j = calloc(1, sizeof *j);
  j->done = on_done;
  pthread_mutex_lock(&table);
  entries--;
  pthread_mutex_lock(&queue);
  j->next = head;
  head = j;
  pthread_mutex_unlock(&queue);
  pthread_mutex_unlock(&table);
}

static void drop(struct job *j) {
  j->error = -1;
  j->done(j);
  free(j);
}

void purge(void) {
  pthread_mutex_lock(&queue);
  while (head) {
    struct job *j = head;
    head = j->next;
    drop(j);
  }
  pthread_mutex_unlock(&queue);
}
