// Joining the old thread before another one starts under its handle ends the old one only.
#include <thread>

class Counter {
public:
  void start() {
    thread_ = std::thread([this] { ++done_; }); // the first one is joined before anything else
  }
  void restart() {
    thread_.join();
    thread_ = std::thread([this] { ++count_; }); // expect: data-race
  }
  void stop() { thread_.join(); }
  int done_ = 0, count_ = 0;

private:
  std::thread thread_;
};

int main() {
  Counter counter;
  counter.start();
  counter.restart();
  counter.done_ = 1;
  counter.count_ = 1;
  counter.stop();
  return counter.done_ + counter.count_;
}
