// One thread takes the locks in both orders, one after the other: nobody else can hold the other
// lock.
#include <cstdio>
#include <mutex>

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
  forward();
  backward();
}
