// A vector of threads is destroyed without a join.
#include <cstdio>
#include <thread>
#include <vector>

void work() { std::puts("working"); }

int main() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(work); // expect: unjoined-thread
  std::puts("main is done");
}
