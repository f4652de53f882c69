// A class joins its member thread in the destructor.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

class Ticker {
public:
  Ticker() : worker_([this] { run(); }) {}
  ~Ticker() {
    stop_ = true;
    worker_.join();
  }
  Ticker(const Ticker &) = delete;

private:
  void run() {
    while (!stop_)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::puts("stopped");
  }

  std::atomic<bool> stop_{false};
  std::thread worker_;
};

int main() {
  Ticker ticker;
  std::puts("ticking");
}
