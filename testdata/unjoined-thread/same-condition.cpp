// Start and join hang on the same condition.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int main(int argc, char **) {
  const bool parallel = argc > 1;
  std::thread worker;
  if (parallel)
    worker = std::thread(work);
  std::puts("main works too");
  if (parallel)
    worker.join();
}
