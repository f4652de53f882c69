// A function starts a thread and returns its handle; the caller joins.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

std::thread start() {
  std::thread worker(work);
  return worker;
}

int main() {
  std::thread worker = start();
  worker.join();
}
