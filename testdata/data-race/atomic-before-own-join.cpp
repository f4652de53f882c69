// The same with an atomic flag.
#include <atomic>
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    isStopped_ = true;
    if (thread_.joinable())
      thread_.join();
  }
  ~Worker() { stop(); }

private:
  void run() {
    while (!isStopped_)
      work();
  }
  void work();
  std::atomic<bool> isStopped_{false};
  std::thread thread_;
};
