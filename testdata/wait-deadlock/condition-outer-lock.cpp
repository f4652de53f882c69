// condition-outer-lock.cpp: wait() gives its own mutex back, not the outer lock that the only notifier needs.
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
    ready.wait(hold, [] { return isReady; }); // expect: wait-deadlock "condition variable 'ready'"
  }
  producer.join();
}
