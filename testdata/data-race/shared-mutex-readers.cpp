// Readers under a shared lock and a writer under the exclusive lock of one shared_mutex.
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex tableMutex;
int table[4];

void lookUp() {
  std::shared_lock<std::shared_mutex> guard(tableMutex);
  std::printf("%d\n", table[1]);
}

void update() {
  std::unique_lock<std::shared_mutex> guard(tableMutex);
  table[1] = 7;
}

int main() {
  std::thread first(lookUp);
  std::thread second(lookUp);
  std::thread third(update);
  first.join();
  second.join();
  third.join();
}
