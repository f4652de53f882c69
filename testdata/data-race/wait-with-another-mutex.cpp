// The notifier never takes the mutex of the wait, and a wake-up may be spurious: leaving the loop early orders nothing.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

class Lookup {
public:
  std::string resolve();

private:
  void run();

  std::mutex waitMutex_, resultMutex_;
  std::condition_variable done_;
  std::atomic<bool> isDone_{false};
  std::string error_;
  std::thread thread_;
};

std::string Lookup::resolve() {
  thread_ = std::thread(&Lookup::run, this);
  thread_.detach();
  std::unique_lock<std::mutex> lock(waitMutex_);
  while (!isDone_)
    if (done_.wait_for(lock, std::chrono::milliseconds(10)) == std::cv_status::no_timeout)
      break;
  return error_;
}

void Lookup::run() {
  {
    std::lock_guard<std::mutex> lock(resultMutex_);
    error_ = "not found"; // expect: data-race
  }
  done_.notify_one();
  isDone_ = true;
}
