/* wrapper-class-same-member.c: the callback takes the lock that is held, through the wrapper type. */
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

static void pushJob(struct machine *machine) {
  push(machine->worker);
  take(&machine->state); // expect: self-deadlock
  machine->event = 0;
  give(&machine->state);
}

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
