// The thread moves to a container that is joined later; the old handle is empty.
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

void work() { std::puts("working"); }

std::vector<std::thread> workers;

void start() {
  std::thread worker(work);
  workers.push_back(std::move(worker));
}

int main() {
  start();
  start();
  for (std::thread &worker : workers)
    worker.join();
}
