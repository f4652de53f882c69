// A thread that is joined before its handle goes out of scope.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int main() {
  std::thread worker(work);
  std::puts("main waits");
  worker.join();
}
