// A guard is unlocked, locked again, and released by its destructor: it keeps track.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void count() {
  std::unique_lock<std::mutex> guard(counterMutex);
  ++counter;
  guard.unlock();
  std::puts("between");
  guard.lock();
  ++counter;
}

int main() { count(); }
