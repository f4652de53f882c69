// The reader takes the lock and the writer does not: the lock protects nothing.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex limitMutex;
int limit = 10;

void setLimit() {
  limit = 20; // expect: data-race
}

void printLimit() {
  std::lock_guard<std::mutex> guard(limitMutex);
  std::printf("%d\n", limit);
}

int main() {
  std::thread writer(setLimit);
  std::thread reader(printLimit);
  writer.join();
  reader.join();
}
