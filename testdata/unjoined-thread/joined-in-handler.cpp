// The exception is caught where the thread lives, and both ways out join it.
#include <cstdio>
#include <stdexcept>
#include <thread>

void work() { std::puts("working"); }

void check(int items) {
  if (items == 0)
    throw std::invalid_argument("no items");
}

int main(int argc, char **) {
  std::thread worker(work);
  try {
    check(argc - 1);
  } catch (const std::invalid_argument &error) {
    worker.join();
    std::puts(error.what());
    return 1;
  }
  worker.join();
}
