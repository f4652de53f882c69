// A shared lock taken twice by one thread blocks only if a writer waits in between: no high-
// confidence finding.
#include <cstdio>
#include <mutex>
#include <shared_mutex>

std::shared_mutex tableMutex;
int entries = 3;

int count() {
  std::shared_lock<std::shared_mutex> guard(tableMutex);
  return entries;
}

void print() {
  std::shared_lock<std::shared_mutex> guard(tableMutex);
  std::printf("%d\n", count());
}

int main() { print(); }
