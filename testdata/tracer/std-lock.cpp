// std-lock.cpp: std::lock and scoped_lock take both mutexes in any order without deadlock.
// pruned: bounded-wait
#include <mutex>
#include <thread>

static std::mutex a, b;

int main() {
  std::thread one([] {
    for (int round = 0; round < 100; ++round)
      std::scoped_lock<std::mutex, std::mutex> both(a, b);
  });
  std::thread two([] {
    for (int round = 0; round < 100; ++round) {
      std::lock(b, a);
      a.unlock();
      b.unlock();
    }
  });
  one.join();
  two.join();
}
