// The entry is a lambda stored in a std::function before the threads start.
#include <cstdio>
#include <functional>
#include <thread>

int calls = 0;

int main() {
  std::function<void()> task = [] {
    ++calls; // expect: data-race
  };
  std::thread first(task);
  std::thread second(task);
  first.join();
  second.join();
  std::printf("%d\n", calls);
}
