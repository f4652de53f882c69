// The loop assigns to one and the same element each time.
#include <cstdio>
#include <thread>

static void work() { std::puts("working"); }

int main() {
  std::thread workers[3];
  std::thread *worker = workers;
  for (int i = 0; i < 3; ++i)
    *worker = std::thread(work); // expect: unjoined-thread
  worker->join();
}
