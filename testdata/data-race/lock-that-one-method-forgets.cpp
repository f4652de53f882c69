// A record takes its own lock in one method and forgets it in another.
#include <mutex>

class Pool {
public:
  void put(int value) { count += value; } // expect: data-race "Pool::count"
  void post(int value) {
    std::lock_guard<std::mutex> guard(mutex);
    count += value;
  }

private:
  std::mutex mutex;
  int count = 0;
};
