// A counter that every thread increments under the same mutex is not a race.
#include <iostream>
#include <mutex>
#include <thread>

std::mutex counterMutex;
int counter = 0;

void work() {
  for (int i = 0; i < 1000; ++i) {
    std::lock_guard<std::mutex> guard(counterMutex);
    ++counter;
  }
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::cout << counter << '\n';
}
