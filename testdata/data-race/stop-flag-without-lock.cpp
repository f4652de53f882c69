// A library class, no main: the thread reads the flag under the lock that its queue has, the destructor's helper sets it
// without. The thread and its owner share the object for sure, so the lock is evidence although nobody writes the flag
// under it.
#include <mutex>
#include <queue>
#include <thread>

class Worker {
public:
  void start() { thread_ = std::thread(&Worker::run, this); }
  void push(int job) {
    std::lock_guard<std::mutex> guard(mu_);
    jobs_.push(job);
  }
  void stop() {
    stop_ = true; // expect: data-race
  }
  ~Worker() { thread_.join(); }

private:
  void run();

  std::mutex mu_;
  std::queue<int> jobs_;
  bool stop_ = false;
  std::thread thread_;
};

void Worker::run() {
  while (true) {
    std::lock_guard<std::mutex> guard(mu_);
    if (stop_)
      return;
    if (!jobs_.empty())
      jobs_.pop();
  }
}
