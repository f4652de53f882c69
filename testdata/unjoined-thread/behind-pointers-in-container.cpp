// Threads behind pointers in a container are joined in a walk over it; the second container is destroyed without one.
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

static void work() { std::puts("working"); }

static void joined() {
  std::vector<std::unique_ptr<std::thread>> workers;
  workers.push_back(std::make_unique<std::thread>(work));
  workers.emplace_back(new std::thread(work));
  for (auto &worker : workers)
    worker->join();
}

static void dropped() {
  std::vector<std::unique_ptr<std::thread>> workers;
  workers.push_back(std::make_unique<std::thread>(work)); // expect: unjoined-thread
}

int main() {
  joined();
  dropped();
}
