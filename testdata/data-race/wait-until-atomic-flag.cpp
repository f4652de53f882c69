// The loop is left only when the atomic flag is set, and that is stored after the result.
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

  std::mutex waitMutex_;
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
    done_.wait_for(lock, std::chrono::milliseconds(10));
  return error_;
}

void Lookup::run() {
  error_ = "not found";
  isDone_ = true;
  done_.notify_one();
}
