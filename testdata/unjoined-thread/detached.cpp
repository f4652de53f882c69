// A detached thread runs on its own; its handle may go away.
#include <chrono>
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int main() {
  std::thread worker(work);
  worker.detach();
  std::thread(work).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}
