// semaphore-with-permits.cpp: there are permits from the start; whoever posts has waited before, without the lock.
#include <mutex>
#include <semaphore>
#include <thread>

std::mutex mu;
std::counting_semaphore<4> slots(4);
int items = 0;

void work() {
  {
    std::lock_guard<std::mutex> hold(mu);
    slots.acquire();
    ++items;
  }
  slots.release();
}

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}
