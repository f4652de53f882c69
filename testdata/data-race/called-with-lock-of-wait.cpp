// A function that waits with a mutex it has not taken is called with it held.
#include <condition_variable>
#include <mutex>

class Mutex {
public:
  void lock() {
    mutex_.lock();
    holder_ = 1;
  }
  void unlock() {
    holder_ = 0;
    mutex_.unlock();
  }

private:
  friend class Condition;
  std::mutex mutex_;
  int holder_ = 0;
};

class Condition {
public:
  explicit Condition(Mutex &mutex) : mutex_(mutex) {}
  void wait() {
    mutex_.holder_ = 0;
    std::unique_lock<std::mutex> guard(mutex_.mutex_, std::adopt_lock);
    condition_.wait(guard);
    guard.release();
    mutex_.holder_ = 1;
  }

private:
  Mutex &mutex_;
  std::condition_variable condition_;
};
