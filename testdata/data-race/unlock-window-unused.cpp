// The lock is given up around a slow call; the shared data is only touched before and after it.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex stateMutex;
int pending = 0;
int flushed = 0;

void slowWrite(int items) { std::printf("%d items\n", items); }

void flush() {
  std::unique_lock<std::mutex> guard(stateMutex);
  int items = pending;
  pending = 0;
  guard.unlock();
  slowWrite(items);
  guard.lock();
  flushed += items;
}

int main() {
  std::thread first(flush);
  std::thread second(flush);
  first.join();
  second.join();
  std::printf("%d\n", flushed);
}
