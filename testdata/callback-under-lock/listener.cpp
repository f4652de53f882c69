// listener.cpp: a virtual listener that only users implement is called under the lock of the subject.
#include <mutex>

class Listener {
public:
  virtual ~Listener() = default;
  virtual void changed(int value) = 0;
};

class Subject {
public:
  void attach(Listener *listener) {
    std::lock_guard<std::mutex> hold(mu_);
    listener_ = listener;
  }
  void set(int value) {
    std::lock_guard<std::mutex> hold(mu_);
    value_ = value;
    if (listener_)
      listener_->changed(value); // expect: callback-under-lock "Subject::listener_"
  }
  int get() {
    std::lock_guard<std::mutex> hold(mu_);
    return value_;
  }

private:
  std::mutex mu_;
  Listener *listener_ = nullptr;
  int value_ = 0;
};
