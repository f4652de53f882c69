// std::lock takes two mutexes without deadlock; adopting and deferred guards release them.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;

void forward() {
  std::lock(a, b);
  std::lock_guard<std::mutex> holdA(a, std::adopt_lock);
  std::lock_guard<std::mutex> holdB(b, std::adopt_lock);
  std::puts("forward");
}

void backward() {
  std::unique_lock<std::mutex> holdB(b, std::defer_lock);
  std::unique_lock<std::mutex> holdA(a, std::defer_lock);
  std::lock(holdB, holdA);
  std::puts("backward");
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
}
