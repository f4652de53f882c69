// An atomic stop flag is set and the condition variable notified without the mutex of the wait.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

class Worker {
public:
  Worker() : thread_([this] { run(); }) {}
  ~Worker() {
    stop_ = true;
    wake_.notify_all(); // expect: lost-wakeup "Worker::stop_"
    thread_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [this] { return stop_.load(); });
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class Collector {
public:
  void start() {
    thread_ = std::thread([this] { collect(); });
  }
  void stop() {
    if (stop_.exchange(true))
      return;
    wakeUp();
    thread_.join();
  }

private:
  void wakeUp() {
    wake_.notify_one(); // expect: lost-wakeup "Collector::stop_"
  }
  void collect() {
    while (!stop_) {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock);
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

int main() {
  Worker worker;
  Collector collector;
  collector.start();
  collector.stop();
}
