// join-in-member-function-unlocked.cpp: stop() unlocks before it joins, as it should.
#include <mutex>
#include <thread>

class Poller {
public:
  void start() { worker_ = std::thread([this] { loop(); }); }
  void stop() {
    std::unique_lock<std::mutex> hold(mu_);
    stopped_ = true;
    hold.unlock();
    worker_.join();
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
