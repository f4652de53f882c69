// A jthread joins in its destructor, also when it is assigned over.
#include <cstdio>
#include <thread>
#include <vector>

void work() { std::puts("working"); }

int main() {
  std::jthread single(work);
  single = std::jthread(work);
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(work);
}
