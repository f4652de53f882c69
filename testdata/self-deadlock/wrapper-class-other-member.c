/* wrapper-class-other-member.c: both locks are of one wrapper type; the callback takes that of the worker, not the one that is held. */
#include <pthread.h>

struct mutex {
  pthread_mutex_t handle;
};

static void take(struct mutex *mutex) { pthread_mutex_lock(&mutex->handle); }
static void give(struct mutex *mutex) { pthread_mutex_unlock(&mutex->handle); }

struct worker {
  struct mutex jobs;
  int count;
};

struct machine {
  struct mutex state;
  struct worker *worker;
  void (*react)(struct machine *machine);
  int event;
};

static void push(struct worker *worker) {
  take(&worker->jobs);
  ++worker->count;
  give(&worker->jobs);
}

static void pushJob(struct machine *machine) { push(machine->worker); }

void feed(struct machine *machine, int event) {
  take(&machine->state);
  machine->event = event;
  machine->react(machine);
  give(&machine->state);
}

void start(struct machine *machine, struct worker *worker) {
  machine->worker = worker;
  machine->react = pushJob;
}
