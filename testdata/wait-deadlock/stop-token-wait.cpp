// stop-token-wait.cpp: a request to stop ends the wait, whoever holds the lock.
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

std::mutex outer, mu;
std::condition_variable_any ready;
bool isReady = false;

int main() {
  std::jthread consumer([](std::stop_token stop) {
    std::lock_guard<std::mutex> holdOuter(outer);
    std::unique_lock<std::mutex> hold(mu);
    ready.wait(hold, stop, [] { return isReady; });
  });
  std::lock_guard<std::mutex> holdOuter(outer);
  std::lock_guard<std::mutex> hold(mu);
  isReady = true;
  ready.notify_all();
}
