// main waits in a loop for each worker's semaphore, in whatever order, and for a counter of running workers: what they did before is done.
// What a worker does after its signal is not.
#include <pthread.h>
#include <semaphore.h>

enum { kWorkers = 4 };

struct Worker {
  sem_t idle;
  pthread_t thread;
};

static struct Worker workers[kWorkers];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static int running;
static long written, late, counted, lateCounted;

static void waitForWorker(sem_t *idle) { sem_wait(idle); }

static void *rest(void *arg) {
  struct Worker *worker = arg;
  sem_post(&worker->idle);
  return 0;
}

static void *compress(void *arg) {
  struct Worker *worker = arg;
  written += 10;
  sem_post(&worker->idle);
  late += 10; // expect: data-race
  return 0;
}

static void *count(void *arg) {
  (void)arg;
  counted += 10;
  pthread_mutex_lock(&lock);
  --running;
  pthread_cond_signal(&ended);
  pthread_mutex_unlock(&lock);
  lateCounted += 10; // expect: data-race
  return 0;
}

static void start(int number, void *(*work)(void *)) {
  pthread_create(&workers[number].thread, 0, work, &workers[number]);
  pthread_detach(workers[number].thread);
}

static void waitForAll(int first) {
  for (int i = 0; i < kWorkers; ++i) {
    waitForWorker(&workers[first].idle);
    if (++first == kWorkers)
      first = 0;
  }
}

int main(int argc, char **argv) {
  (void)argv;
  for (int i = 0; i < kWorkers; ++i)
    sem_init(&workers[i].idle, 0, 0);
  start(0, compress);
  for (int i = 1; i < kWorkers; ++i)
    start(i, rest);
  waitForAll(argc % kWorkers);
  written += 1;
  late += 1;

  running = 1;
  start(0, count);
  pthread_mutex_lock(&lock);
  while (running > 0)
    pthread_cond_wait(&ended, &lock);
  pthread_mutex_unlock(&lock);
  counted += 1;
  lateCounted += 1;
  return (int)(written + late + counted + lateCounted);
}
