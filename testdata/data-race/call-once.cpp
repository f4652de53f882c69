// A value set inside call_once and read after it.
#include <cstdio>
#include <mutex>
#include <thread>

std::once_flag loaded;
int limit = 0;

void load() { limit = 100; }

void work() {
  std::call_once(loaded, load);
  std::printf("%d\n", limit);
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}
