// The thread entry is a std::bind object over a free function.
#include <cstdio>
#include <functional>
#include <thread>

int total = 0;

void add(int amount) {
  total += amount; // expect: data-race
}

int main() {
  auto addOne = std::bind(add, 1);
  std::thread first(addOne);
  std::thread second(std::bind(add, 2));
  first.join();
  second.join();
  std::printf("%d\n", total);
}
