// semaphore-timed.cpp: the wait gives up after a while.
#include <chrono>
#include <mutex>
#include <semaphore>
#include <thread>

std::mutex mu;
std::binary_semaphore filled(0);
int items = 0;

void produce() {
  std::lock_guard<std::mutex> hold(mu);
  ++items;
  filled.release();
}

int main() {
  std::thread producer(produce);
  {
    std::lock_guard<std::mutex> hold(mu);
    if (filled.try_acquire_for(std::chrono::seconds(1)))
      --items;
  }
  producer.join();
}
