// The result of try_lock decides about the unlock.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void count() {
  bool locked = counterMutex.try_lock();
  std::puts("counting");
  if (locked) {
    ++counter;
    counterMutex.unlock();
  }
}

int main() { count(); }
