// std::async may run its function in another thread while the caller goes on.
#include <cstdio>
#include <future>

int progress = 0;

int compute() {
  progress = 1; // expect: data-race
  return 42;
}

int main() {
  std::future<int> result = std::async(std::launch::async, compute);
  progress = 2;
  std::printf("%d\n", result.get());
}
