// condition-two-notifiers.cpp: one of the notifiers needs the outer lock, the other does not.
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

void produceToo() {
  std::lock_guard<std::mutex> hold(mu);
  isReady = true;
  ready.notify_one();
}

int main() {
  std::thread first(produce), second(produceToo);
  {
    std::lock_guard<std::mutex> holdOuter(outer);
    std::unique_lock<std::mutex> hold(mu);
    ready.wait(hold, [] { return isReady; });
  }
  first.join();
  second.join();
}
