// A loop that walks over an array with a pointer assigns a thread to each element in turn: none is assigned over.
#include <cstdio>
#include <thread>

static void work() { std::puts("working"); }

int main() {
  std::thread workers[3];
  for (std::thread &worker : workers)
    worker = std::thread(work);
  for (std::thread &worker : workers)
    worker.join();
}
