// element-around-a-node.c: the same field, once by the element's name and once by way of the node inside it.
#include <pthread.h>
#include <stddef.h>

struct node {
  struct node *next;
};
struct job {
  int state;
  struct node link;
};

static struct job job;
static struct node *published = &job.link;

static void *work(void *unused) {
  struct job *found = (struct job *)((char *)published - offsetof(struct job, link));
  found->state = 1; // expect: data-race "state"
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  job.state = 2;
  pthread_join(thread, 0);
  return 0;
}
