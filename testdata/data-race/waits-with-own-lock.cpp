// The same, but what is written before the wait is written before the lock is taken.
#include <condition_variable>
#include <mutex>

class Gate {
public:
  void open() {
    std::lock_guard<std::mutex> guard(mutex_);
    holder_ = 1;
    condition_.notify_all();
  }
  void wait() {
    holder_ = 0; // expect: data-race "Gate::holder_"
    std::unique_lock<std::mutex> guard(mutex_);
    while (holder_ == 0)
      condition_.wait(guard);
  }

private:
  std::mutex mutex_;
  std::condition_variable condition_;
  int holder_ = 0;
};
