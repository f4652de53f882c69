// A switch on the length takes a job out of the queue or finds none: what the caller has is its own or null.
#include <pthread.h>
#include <stdlib.h>

struct Job {
  struct Job *next;
  int number;
};

static struct {
  pthread_mutex_t mutex;
  struct Job *front;
  int length;
} queue = {PTHREAD_MUTEX_INITIALIZER, NULL, 0};
static int finished;

static void put(int number) {
  struct Job *job = malloc(sizeof(struct Job));
  job->number = number;
  pthread_mutex_lock(&queue.mutex);
  job->next = queue.front;
  queue.front = job;
  queue.length++;
  pthread_mutex_unlock(&queue.mutex);
}

static struct Job *pull(void) {
  pthread_mutex_lock(&queue.mutex);
  struct Job *job = queue.front;
  switch (queue.length) {
  case 0:
    break;
  case 1:
    queue.front = NULL;
    queue.length = 0;
    break;
  default:
    queue.front = job->next;
    queue.length--;
  }
  pthread_mutex_unlock(&queue.mutex);
  return job;
}

static void *work(void *argument) {
  for (;;) {
    struct Job *job = pull();
    if (!job)
      break;
    job->number = -1;
    finished++; // expect: data-race
    free(job);
  }
  return argument;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 100; ++i)
    put(i);
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return finished;
}
