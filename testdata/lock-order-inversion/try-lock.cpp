// The thread with the other order only tries the second lock and gives up when it is taken.
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
  if (a.try_lock()) {
    std::puts("backward");
    a.unlock();
  }
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
}
