// Only the owner of the object looks at the handle; the thread has a flag of its own.
#include <atomic>
#include <thread>

class Poller {
public:
  void start();
  void stop();

private:
  void run();

  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void Poller::start() {
  if (!thread_.joinable())
    thread_ = std::thread(&Poller::run, this);
}

void Poller::stop() {
  stop_ = true;
  if (thread_.joinable())
    thread_.join();
}

void Poller::run() {
  while (!stop_)
    std::this_thread::yield();
}
