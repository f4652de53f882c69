// A guard already holds the mutex when lock() is called on it directly.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void count() {
  std::lock_guard<std::mutex> guard(counterMutex);
  counterMutex.lock(); // expect: self-deadlock
  ++counter;
  counterMutex.unlock();
}

int main() {
  count();
  std::printf("%d\n", counter);
}
