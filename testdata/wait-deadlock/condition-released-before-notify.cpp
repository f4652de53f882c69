// condition-released-before-notify.cpp: the notifier takes and releases the outer lock on its way to the signal.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex outer, mu;
std::condition_variable ready;
bool isReady = false;
int stock = 0;

void restock() {
  std::lock_guard<std::mutex> hold(outer);
  ++stock;
}

void produce() {
  restock();
  {
    std::lock_guard<std::mutex> hold(mu);
    isReady = true;
  }
  ready.notify_one();
}

int main() {
  std::thread producer(produce);
  {
    std::lock_guard<std::mutex> holdOuter(outer);
    std::unique_lock<std::mutex> hold(mu);
    while (!isReady)
      ready.wait(hold); // expect: wait-deadlock "outer -> signal of 'ready' -> outer"
  }
  producer.join();
}
