// The write happens on the path where try_lock failed.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex counterMutex;
int contended = 0;

void work() {
  if (!counterMutex.try_lock()) {
    ++contended; // expect: data-race
    return;
  }
  std::puts("got it");
  counterMutex.unlock();
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d\n", contended);
}
