// async-after-unlock.cpp: get() after the guard's scope.
#include <future>
#include <mutex>

std::mutex mu;
int cache = 0;

int load() {
  std::lock_guard<std::mutex> hold(mu);
  return ++cache;
}

int main() {
  std::future<int> result;
  {
    std::lock_guard<std::mutex> hold(mu);
    ++cache;
    result = std::async(std::launch::async, load);
  }
  return result.get();
}
