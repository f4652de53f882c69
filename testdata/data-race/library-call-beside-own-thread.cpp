// A library class, no main: `reset` is not called by the thread, so somebody else calls it, and the thread reads the field
// without the lock.
#include <mutex>
#include <thread>

class Link {
public:
  void start() { thread_ = std::thread(&Link::run, this); }
  void reset();
  void stop() { thread_.join(); }

private:
  void run();

  std::mutex mu_;
  int socket_ = 1;
  std::thread thread_;
};

void Link::reset() {
  std::lock_guard<std::mutex> guard(mu_);
  socket_ = 0; // expect: data-race
}

void Link::run() {
  while (socket_ > 0)
    std::this_thread::yield();
}
