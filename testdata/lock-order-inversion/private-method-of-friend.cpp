// A friend out of view calls the private method from its own thread; users call the public one.
#include <mutex>

class Connection {
public:
  int bytes() {
    std::lock_guard counters(counters_);
    std::lock_guard buffer(buffer_); // expect: lock-order-inversion "Connection::counters_"
    return received_ + pending_;
  }

private:
  friend class Receiver;
  void receive(int size);
  std::mutex counters_, buffer_;
  int received_ = 0, pending_ = 0;
};

void Connection::receive(int size) {
  std::lock_guard buffer(buffer_);
  pending_ += size;
  std::lock_guard counters(counters_);
  received_ += size;
}
