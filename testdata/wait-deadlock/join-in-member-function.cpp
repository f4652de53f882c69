// join-in-member-function.cpp: a library class whose stop() joins its worker under the lock of the worker's loop.
#include <mutex>
#include <thread>

class Poller {
public:
  void start() { worker_ = std::thread([this] { loop(); }); }
  void stop() {
    std::lock_guard<std::mutex> hold(mu_);
    stopped_ = true;
    worker_.join(); // expect: wait-deadlock "while 'Poller::mu_' is held"
  }

private:
  void loop() {
    for (;;) {
      std::lock_guard<std::mutex> hold(mu_);
      if (stopped_)
        return;
      ++rounds_;
    }
  }
  std::mutex mu_;
  std::thread worker_;
  bool stopped_ = false;
  int rounds_ = 0;
};
