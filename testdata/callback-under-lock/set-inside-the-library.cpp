// set-inside-the-library.cpp: the library itself says what is called under the lock; its users cannot.
#include <functional>
#include <mutex>

class Transport {
public:
  void onClose(const std::function<void(int)> &callback) {
    std::lock_guard<std::mutex> hold(mu_);
    callback_ = callback;
  }
  void close(int code) {
    std::lock_guard<std::mutex> hold(mu_);
    isOpen_ = false;
    if (callback_)
      callback_(code);
  }
  bool isOpen() {
    std::lock_guard<std::mutex> hold(mu_);
    return isOpen_;
  }

private:
  std::mutex mu_;
  std::function<void(int)> callback_;
  bool isOpen_ = true;
};

class Socket {
public:
  Socket() {
    transport_.onClose([this](int code) { lastCode_ = code; });
  }
  bool isOpen() { return transport_.isOpen(); }
  void close() { transport_.close(1); }

private:
  Transport transport_;
  int lastCode_ = 0;
};
