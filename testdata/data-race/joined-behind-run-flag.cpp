// A class starts its thread anew after ending the one before, and joins only what its own flag says is running. Who asks it to stop goes on
// when the thread has ended.
#include <atomic>
#include <thread>

class Poller {
public:
  ~Poller() { stop(); }
  void start(void (*work)()) {
    stop();
    running_ = true;
    thread_ = std::thread([this, work] {
      while (running_)
        work();
    });
  }
  void stop() {
    if (!running_)
      return;
    running_ = false;
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::atomic<bool> running_{false};
  std::thread thread_;
};

Poller first, second;
long counted, missed;

int main() {
  first.start([] { ++counted; });
  first.stop();
  second.start([] { ++missed; }); // expect: data-race
  const long seen = missed;
  second.stop();
  return static_cast<int>(counted + seen);
}
