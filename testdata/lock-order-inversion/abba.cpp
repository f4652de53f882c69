// Two threads take two mutexes in opposite orders.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;
int shared = 0;

void forward() {
  std::lock_guard<std::mutex> holdA(a);
  std::lock_guard<std::mutex> holdB(b); // expect: lock-order-inversion "a -> b -> a"
  ++shared;
}

void backward() {
  std::lock_guard<std::mutex> holdB(b);
  std::lock_guard<std::mutex> holdA(a);
  --shared;
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
  std::printf("%d\n", shared);
}
