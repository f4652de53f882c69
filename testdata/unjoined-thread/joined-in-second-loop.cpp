// Threads started in one loop and joined in a second.
#include <cstdio>
#include <thread>
#include <vector>

void work() { std::puts("working"); }

int main() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.push_back(std::thread(work));
  for (auto &worker : workers)
    worker.join();
}
