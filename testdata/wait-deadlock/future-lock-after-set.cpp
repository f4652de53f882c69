// future-lock-after-set.cpp: the promise is set before its thread takes the lock.
#include <future>
#include <mutex>
#include <thread>

std::mutex mu;
int cache = 0;

int main() {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread worker([&promise] {
    promise.set_value(1);
    std::lock_guard<std::mutex> hold(mu);
    ++cache;
  });
  int value = 0;
  {
    std::lock_guard<std::mutex> hold(mu);
    value = result.get() + cache;
  }
  worker.join();
  return value;
}
