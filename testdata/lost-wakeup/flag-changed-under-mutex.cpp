// The mutex of the wait is taken while the flag changes, or between the change and the notification; or the wait has a limit.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

class Worker {
public:
  Worker() : thread_([this] { run(); }), timed_([this] { poll(); }) {}
  ~Worker() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
    ended_ = true;
    timer_.notify_all(); // whoever misses it looks again soon
    timed_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [this] { return stop_.load(); });
  }
  void poll() {
    while (!ended_) {
      std::unique_lock<std::mutex> lock(mutex_);
      timer_.wait_for(lock, std::chrono::milliseconds(10));
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_, timer_;
  std::atomic<bool> stop_{false}, ended_{false};
  std::thread thread_, timed_;
};

class Gate {
public:
  void open() {
    open_ = true;
    { std::lock_guard<std::mutex> lock(mutex_); } // whoever tested before waits by now
    wake_.notify_all();
  }
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!open_)
      wake_.wait(lock);
  }

private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> open_{false};
};

int main() {
  Worker worker;
  Gate gate;
  std::thread guest([&] { gate.pass(); });
  gate.open();
  guest.join();
}
