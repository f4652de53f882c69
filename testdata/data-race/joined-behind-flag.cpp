// A class joins its thread only where a flag of its own says that it was started: whoever stopped it finds it ended. The handle was moved
// there when the thread had started.
#include <thread>

static long polls;

class Poller {
public:
  ~Poller() { stop(); }
  void start() {
    stop();
    running_ = true;
    thread_ = std::thread([] { ++polls; });
  }
  void stop() {
    if (!running_)
      return;
    running_ = false;
    if (thread_.joinable())
      thread_.join();
  }

private:
  bool running_ = false;
  std::thread thread_;
};

static Poller poller;

int main() {
  poller.start();
  poller.stop();
  return static_cast<int>(polls);
}
