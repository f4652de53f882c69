// Two separate critical sections, each with its own pair.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void countTwice() {
  counterMutex.lock();
  ++counter;
  counterMutex.unlock();
  std::puts("between");
  counterMutex.lock();
  ++counter;
  counterMutex.unlock();
}

int main() { countTwice(); }
