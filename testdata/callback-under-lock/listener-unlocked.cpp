// listener-unlocked.cpp: the listener is called after the lock is free.
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
    Listener *listener;
    {
      std::lock_guard<std::mutex> hold(mu_);
      value_ = value;
      listener = listener_;
    }
    if (listener)
      listener->changed(value);
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
