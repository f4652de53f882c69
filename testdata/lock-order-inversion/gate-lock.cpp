// Opposite orders under one common outer lock: the gate lets one thread in at a time.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex gate;
std::mutex a;
std::mutex b;

void forward() {
  std::lock_guard<std::mutex> holdGate(gate);
  std::lock_guard<std::mutex> holdA(a);
  std::lock_guard<std::mutex> holdB(b);
  std::puts("forward");
}

void backward() {
  std::lock_guard<std::mutex> holdGate(gate);
  std::lock_guard<std::mutex> holdB(b);
  std::lock_guard<std::mutex> holdA(a);
  std::puts("backward");
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
}
