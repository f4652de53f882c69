// condition-lock-after-notify.cpp: the notifier takes the outer lock only after it has signalled.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex outer, mu;
std::condition_variable ready;
bool isReady = false;
int stock = 0;

void produce() {
  {
    std::lock_guard<std::mutex> hold(mu);
    isReady = true;
  }
  ready.notify_one();
  std::lock_guard<std::mutex> hold(outer);
  ++stock;
}

int main() {
  std::thread producer(produce);
  {
    std::lock_guard<std::mutex> holdOuter(outer);
    std::unique_lock<std::mutex> hold(mu);
    while (!isReady)
      ready.wait(hold);
  }
  producer.join();
}
