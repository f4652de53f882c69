// The first lock is released before the second is taken: the opposite order never waits while
// holding.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;

void forward() {
  std::lock_guard<std::mutex> holdA(a);
  std::lock_guard<std::mutex> holdB(b);
  std::puts("forward");
}

void backward() {
  std::unique_lock<std::mutex> holdB(b);
  std::puts("read b");
  holdB.unlock();
  std::lock_guard<std::mutex> holdA(a);
  std::puts("write a");
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
}
