// A write under a shared lock: two threads can hold the lock in shared mode together.
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex cacheMutex;
int lookups = 0;

void lookUp() {
  std::shared_lock<std::shared_mutex> guard(cacheMutex);
  ++lookups; // expect: data-race
}

int main() {
  std::thread first(lookUp);
  std::thread second(lookUp);
  first.join();
  second.join();
  std::printf("%d\n", lookups);
}
