// stored-function.cpp: a library class calls its user's callback under the lock that its own interface takes.
#include <functional>
#include <mutex>

class Button {
public:
  void onClick(std::function<void()> callback) {
    std::lock_guard<std::mutex> hold(mu_);
    callback_ = std::move(callback);
  }
  void click() {
    std::lock_guard<std::mutex> hold(mu_);
    ++clicks_;
    callback_(); // expect: callback-under-lock "Button::callback_"
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
