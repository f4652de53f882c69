// semaphore-before-lock.cpp: the waiter takes the lock after the semaphore.
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
    filled.acquire();
    std::lock_guard<std::mutex> hold(mu);
    --items;
  }
  producer.join();
}
