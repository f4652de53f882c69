// Both threads take the two mutexes in the same order.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;
int shared = 0;

void increase() {
  std::lock_guard<std::mutex> holdA(a);
  std::lock_guard<std::mutex> holdB(b);
  ++shared;
}

void decrease() {
  std::lock_guard<std::mutex> holdA(a);
  std::lock_guard<std::mutex> holdB(b);
  --shared;
}

int main() {
  std::thread first(increase);
  std::thread second(decrease);
  first.join();
  second.join();
  std::printf("%d\n", shared);
}
