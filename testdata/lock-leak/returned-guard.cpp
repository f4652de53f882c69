// A function returns a guard: the lock travels with it to the caller.
#include <cstdio>
#include <mutex>

std::mutex deviceMutex;
int uses = 0;

std::unique_lock<std::mutex> acquire() {
  std::unique_lock<std::mutex> guard(deviceMutex);
  ++uses;
  return guard;
}

int main() {
  {
    std::unique_lock<std::mutex> guard = acquire();
    std::printf("%d\n", uses);
  }
  auto again = acquire();
  again.unlock();
}
