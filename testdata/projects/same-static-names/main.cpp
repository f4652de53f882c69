// One thread per TU: no two threads share a variable.
#include "counters.h"

#include <thread>

int main() {
  std::thread first(countReads);
  std::thread second(countWrites);
  first.join();
  second.join();
}
