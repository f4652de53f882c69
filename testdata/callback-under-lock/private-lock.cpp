// private-lock.cpp: nothing that a callback could call takes the lock it is called under.
#include <functional>
#include <mutex>

class Button {
public:
  explicit Button(std::function<void()> callback) : callback_(std::move(callback)) {}
  void click() {
    std::lock_guard<std::recursive_mutex> hold(mu_);
    ++clicks_;
    callback_();
  }

private:
  std::recursive_mutex mu_;
  std::function<void()> callback_;
  int clicks_ = 0;
};
