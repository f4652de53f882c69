// semaphore-under-lock.cpp: the semaphore starts empty, and the one who posts it needs the waiter's lock.
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
    filled.acquire(); // expect: wait-deadlock "semaphore 'filled'"
    --items;
  }
  producer.join();
}
