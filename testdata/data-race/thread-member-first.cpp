// Members are initialised in the order of their declarations: the thread runs before the members after it have their values.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

class Counter {
public:
  ~Counter() {
    isRunning_ = false;
    thread_.join();
  }
  void add(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    pending_ += n;
  }

private:
  void run() {
    while (isRunning_) {
      std::lock_guard<std::mutex> guard(mutex_);
      pending_ = 0;
      ++rounds_;
    }
  }
  std::mutex mutex_;
  int pending_ = 0;
  std::thread thread_{&Counter::run, this};
  std::atomic<bool> isRunning_{true}; // expect: data-race "isRunning_"
  int rounds_ = 0;                    // expect: data-race "rounds_"
};

class Writer {
public:
  Writer() : isStopped_(false), thread_(&Writer::run, this) {} // expect: data-race "isStopped_"
  ~Writer() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      isStopped_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!isStopped_)
      wake_.wait(lock);
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
  bool isStopped_;
};

int main() {
  Counter counter;
  counter.add(1);
  Writer writer;
  return 0;
}
