// The write happens only on the path where try_lock succeeded.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex counterMutex;
int counter = 0;

void work() {
  if (counterMutex.try_lock()) {
    ++counter;
    counterMutex.unlock();
  }
  std::unique_lock<std::mutex> guard(counterMutex, std::try_to_lock);
  if (guard.owns_lock())
    ++counter;
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d\n", counter);
}
