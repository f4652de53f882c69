// A handle that is not joinable because its thread was detached: the thread runs on.
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] { ++count_; }); // expect: data-race
    thread_.detach();
  }
  int stop() {
    if (thread_.joinable())
      thread_.join();
    return ++count_;
  }

private:
  std::thread thread_;
  int count_ = 0;
};

static Worker worker;

int main() {
  worker.start();
  return worker.stop();
}
