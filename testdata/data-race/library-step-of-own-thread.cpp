// A library class, no main: `connect` is what the thread itself calls before it reads on. That it is public too does not
// mean that somebody else calls it while the thread runs.
#include <mutex>
#include <thread>

class Link {
public:
  void start() { thread_ = std::thread(&Link::run, this); }
  void connect();
  int state();
  void stop() { thread_.join(); }

private:
  void run();

  std::mutex mu_;
  int socket_ = 0;
  std::thread thread_;
};

void Link::connect() {
  std::lock_guard<std::mutex> guard(mu_);
  socket_ = socket_ + 1;
}

int Link::state() {
  std::lock_guard<std::mutex> guard(mu_);
  return socket_;
}

void Link::run() {
  connect();
  while (socket_ > 0)
    connect();
}
