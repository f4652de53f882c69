// Two threads increment a plain global counter without any lock.
#include <iostream>
#include <thread>

int counter = 0;

void work() {
  for (int i = 0; i < 1000; ++i)
    ++counter; // expect: data-race
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::cout << counter << '\n';
}
