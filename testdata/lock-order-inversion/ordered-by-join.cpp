// The thread with the other order starts after the first one was joined.
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
  std::lock_guard<std::mutex> holdB(b);
  std::lock_guard<std::mutex> holdA(a);
  std::puts("backward");
}

int main() {
  std::thread first(forward);
  first.join();
  std::thread second(backward);
  second.join();
}
