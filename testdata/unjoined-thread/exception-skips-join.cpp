// An exception thrown between start and join destroys the joinable thread during unwinding.
#include <cstdio>
#include <stdexcept>
#include <thread>

void work() { std::puts("working"); }

void check(int items) {
  if (items == 0)
    throw std::invalid_argument("no items");
}

void process(int items) {
  std::thread worker(work); // expect: unjoined-thread
  check(items);
  worker.join();
}

int main(int argc, char **) {
  try {
    process(argc - 1);
  } catch (const std::invalid_argument &error) {
    std::puts(error.what());
  }
}
