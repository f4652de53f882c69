// The mutex is unlocked twice.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void count() {
  counterMutex.lock();
  ++counter;
  counterMutex.unlock();
  counterMutex.unlock(); // expect: unlock-not-held
}

int main() {
  count();
  std::puts("done");
}
