// A class of the program's own with `lock` and `unlock` that counts: it may be given back more often than taken.
#include <condition_variable>
#include <mutex>

class Semaphore {
public:
  void lock() {
    std::unique_lock<std::mutex> guard(mutex_);
    while (value_ == 0)
      changed_.wait(guard);
    --value_;
  }
  void unlock() {
    std::lock_guard<std::mutex> guard(mutex_);
    ++value_;
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 3;
};

Semaphore places;

void take() { places.lock(); }

void giveBack(int count) {
  for (int i = 0; i < count; ++i)
    places.unlock();
}

int main() {
  take();
  take();
  giveBack(2);
}
