// A recursive mutex counts: two locks need two unlocks.
#include <cstdio>
#include <mutex>

std::recursive_mutex treeMutex;
int depth = 0;

void visit() {
  treeMutex.lock();
  treeMutex.lock();
  ++depth;
  treeMutex.unlock();
  treeMutex.unlock();
}

int main() {
  visit();
  std::printf("%d\n", depth);
}
