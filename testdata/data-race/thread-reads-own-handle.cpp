// The thread asks its own handle whether it is joinable while the creator may still be assigning it.
#include <thread>

class Poller {
public:
  void start();
  ~Poller() { thread_.join(); }

private:
  void run();

  std::thread thread_;
};

void Poller::start() {
  thread_ = std::thread(&Poller::run, this); // expect: data-race
}

void Poller::run() {
  while (thread_.joinable())
    std::this_thread::yield();
}
