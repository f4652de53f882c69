// The thread is started under a condition and joined when the handle is joinable.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int main(int argc, char **) {
  bool parallel = argc > 1;
  std::thread worker;
  if (parallel)
    worker = std::thread(work);
  else
    work();
  if (worker.joinable())
    worker.join();
}
