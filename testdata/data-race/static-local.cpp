// A static local variable is shared by every thread that calls the function.
#include <cstdio>
#include <thread>

int nextId() {
  static int last = 0;
  last = last + 1; // expect: data-race
  return last;
}

void work() { std::printf("%d\n", nextId()); }

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}
