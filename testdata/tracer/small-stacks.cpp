// small-stacks.cpp: locks in a thread with the smallest stack, and in a handler on a small alternate stack.
// finds: lock-order-inversion
#include "program.h"
#include <limits.h>
#include <mutex>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>

static std::mutex first, second;
static sem_t semaphore;
static void *forward(void *unused) {
  std::lock_guard<std::mutex> outer(first);
  std::lock_guard<std::mutex> inner(second);
  return unused;
}
static void *backward(void *unused) {
  pauseMs(60);
  second.lock();
  first.lock();
  first.unlock();
  second.unlock();
  return unused;
}
static void handle(int) { sem_post(&semaphore); }
int main() {
  pthread_attr_t small;
  pthread_attr_init(&small);
  if (pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN))
    return 99;
  pthread_t threads[2];
  pthread_create(&threads[0], &small, forward, nullptr);
  pthread_create(&threads[1], &small, backward, nullptr);
  for (pthread_t thread : threads)
    join(thread);
  const size_t guard = 4096, size = 8192;
  char *memory = static_cast<char *>(
      mmap(nullptr, guard + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mprotect(memory, guard, PROT_NONE);
  stack_t stack = {};
  stack.ss_sp = memory + guard;
  stack.ss_size = size;
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  sem_init(&semaphore, 0, 0);
  raise(SIGUSR1);
  sem_wait(&semaphore);
}
