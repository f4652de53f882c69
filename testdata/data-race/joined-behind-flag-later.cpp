// The same class, but what the thread changes is read before it is stopped.
#include <thread>

static long polls;

class Poller {
public:
  ~Poller() { stop(); }
  void start() {
    stop();
    running_ = true;
    thread_ = std::thread([] { ++polls; }); // expect: data-race
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
  const long seen = polls;
  poller.stop();
  return static_cast<int>(seen);
}
