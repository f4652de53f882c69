// A read-modify-write split over three statements: the store can overwrite the other thread's
// increment.
#include <cstdio>
#include <thread>

int visits = 0;

void visit() {
  int seen = visits;
  seen = seen + 1;
  visits = seen; // expect: data-race
}

int main() {
  std::thread first(visit);
  std::thread second(visit);
  first.join();
  second.join();
  std::printf("%d\n", visits);
}
