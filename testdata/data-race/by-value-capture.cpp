// A lambda that captures by value works on its own copy.
#include <cstdio>
#include <thread>

int main() {
  int total = 1;
  std::thread worker([total]() mutable {
    total += 10;
    std::printf("%d\n", total);
  });
  total += 100;
  worker.join();
  std::printf("%d\n", total);
}
