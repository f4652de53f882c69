// condition-timed-wait.cpp: a wait with a limit of time ends.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex outer, mu;
std::condition_variable ready;
bool isReady = false;

void produce() {
  std::lock_guard<std::mutex> holdOuter(outer);
  std::lock_guard<std::mutex> hold(mu);
  isReady = true;
  ready.notify_one();
}

int main() {
  std::thread producer(produce);
  {
    std::lock_guard<std::mutex> holdOuter(outer);
    std::unique_lock<std::mutex> hold(mu);
    ready.wait_for(hold, std::chrono::seconds(1), [] { return isReady; });
  }
  producer.join();
}
