// Each client starts a helper through a record in its own frame, which names the routine and what it works on.
#include <pthread.h>

struct thread {
  pthread_t handle;
  void (*routine)(void *argument);
  void *argument;
};

struct job {
  int result;
};

static void *run(void *argument) {
  struct thread *thread = argument;
  thread->routine(thread->argument);
  return 0;
}

static void start(struct thread *thread, void (*routine)(void *), void *argument) {
  thread->routine = routine;
  thread->argument = argument;
  pthread_create(&thread->handle, 0, run, thread);
}

static void help(void *argument) { ((struct job *)argument)->result = 1; }

static int work(void) {
  struct thread helper;
  struct job job = {0};
  start(&helper, help, &job);
  pthread_join(helper.handle, 0);
  return job.result;
}

static void client(void *argument) {
  (void)argument;
  work();
}

int main(void) {
  struct thread clients[3];
  for (int i = 0; i < 3; ++i)
    start(&clients[i], client, 0);
  for (int i = 0; i < 3; ++i)
    pthread_join(clients[i].handle, 0);
  return 0;
}
