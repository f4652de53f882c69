// list-head-is-no-element.c: the elements of a list contain its nodes; the head, a node by itself, is none of them.
#include <pthread.h>
#include <stddef.h>

typedef void *node[2]; // next, previous

struct job {
  int state;
  void *link[2];
};

static node queue;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void *work(void *unused) {
  for (int i = 0; i < 10; ++i) {
    pthread_mutex_lock(&lock);
    node *first = *(node **)&queue[0];
    pthread_mutex_unlock(&lock);
    struct job *job = (struct job *)((char *)first - offsetof(struct job, link));
    if (first != &queue)
      ++job->state;
  }
  pthread_mutex_lock(&lock);
  ++done;
  pthread_mutex_unlock(&lock);
  return unused;
}

void add(node *entry) {
  pthread_mutex_lock(&lock);
  *(node **)&(*entry)[0] = *(node **)&queue[0];
  *(node **)&(*entry)[1] = &queue;
  *(node **)&queue[0] = entry;
  pthread_mutex_unlock(&lock);
}

void add_job(struct job *job) { add(&job->link); }

int main(void) {
  *(node **)&queue[0] = &queue;
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return done;
}
