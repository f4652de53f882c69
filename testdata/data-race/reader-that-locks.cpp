// Of two callers that read without the lock, the report shows the one that takes locks: it counts on other threads.
#include <memory>
#include <mutex>

struct Socket {
  void wake(int);
};

class Transport {
public:
  void connect() {
    std::lock_guard guard(socketMutex_);
    socket_ = std::make_unique<Socket>(); // expect: data-race "read in 'Transport::close'"
  }
  void poll() { socket_->wake(1); }
  void close(int code) {
    {
      std::lock_guard guard(closeMutex_);
      code_ = code;
    }
    socket_->wake(2);
  }
  int code() {
    std::lock_guard guard(closeMutex_);
    return code_;
  }

private:
  std::mutex socketMutex_, closeMutex_;
  std::unique_ptr<Socket> socket_;
  int code_ = 0;
};
