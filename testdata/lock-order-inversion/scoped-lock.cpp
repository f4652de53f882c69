// scoped_lock takes several mutexes without deadlock, in whatever order they are named.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;

void forward() {
  std::scoped_lock guard(a, b);
  std::puts("forward");
}

void backward() {
  std::scoped_lock guard(b, a);
  std::puts("backward");
}

int main() {
  std::thread first(forward);
  std::thread second(backward);
  first.join();
  second.join();
}
