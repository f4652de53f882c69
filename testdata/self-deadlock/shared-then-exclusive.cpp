// Upgrading in place: a thread that holds the lock in shared mode asks for it exclusively.
#include <cstdio>
#include <mutex>
#include <shared_mutex>

std::shared_mutex cacheMutex;
int cached = 0;

int lookUp() {
  std::shared_lock<std::shared_mutex> reading(cacheMutex);
  if (cached == 0) {
    std::unique_lock<std::shared_mutex> writing(cacheMutex); // expect: self-deadlock
    cached = 42;
  }
  return cached;
}

int main() { std::printf("%d\n", lookUp()); }
