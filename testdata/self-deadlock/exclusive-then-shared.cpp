// A thread that holds a shared_mutex exclusively asks for it in shared mode.
#include <cstdio>
#include <mutex>
#include <shared_mutex>

std::shared_mutex tableMutex;
int entries = 3;

int count() {
  std::shared_lock<std::shared_mutex> guard(tableMutex); // expect: self-deadlock
  return entries;
}

void add() {
  std::unique_lock<std::shared_mutex> guard(tableMutex);
  ++entries;
  std::printf("%d\n", count());
}

int main() { add(); }
