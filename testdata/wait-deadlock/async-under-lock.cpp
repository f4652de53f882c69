// async-under-lock.cpp: get() of an asynchronous task that needs the lock held around it.
#include <future>
#include <mutex>

std::mutex mu;
int cache = 0;

int load() {
  std::lock_guard<std::mutex> hold(mu);
  return ++cache;
}

int main() {
  std::lock_guard<std::mutex> hold(mu);
  std::future<int> result = std::async(std::launch::async, load);
  return result.get(); // expect: wait-deadlock "end of thread 'load'"
}
