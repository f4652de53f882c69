// future-under-lock.cpp: the result is awaited under the lock that the promise's thread needs before it sets it.
#include <future>
#include <mutex>
#include <thread>

std::mutex mu;
int cache = 0;

int main() {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread worker([&promise] {
    std::lock_guard<std::mutex> hold(mu);
    promise.set_value(++cache);
  });
  int value = 0;
  {
    std::lock_guard<std::mutex> hold(mu);
    value = result.get(); // expect: wait-deadlock "while 'mu' is held"
  }
  worker.join();
  return value;
}
