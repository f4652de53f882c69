// stored-function-copied.cpp: the callback is copied under the lock and called without it.
#include <functional>
#include <mutex>

class Button {
public:
  void onClick(std::function<void()> callback) {
    std::lock_guard<std::mutex> hold(mu_);
    callback_ = std::move(callback);
  }
  void click() {
    std::function<void()> callback;
    {
      std::lock_guard<std::mutex> hold(mu_);
      ++clicks_;
      callback = callback_;
    }
    callback();
  }
  int clicks() {
    std::lock_guard<std::mutex> hold(mu_);
    return clicks_;
  }

private:
  std::mutex mu_;
  std::function<void()> callback_;
  int clicks_ = 0;
};
