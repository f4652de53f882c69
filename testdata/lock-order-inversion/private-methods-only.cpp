// Two private methods that nobody in view calls: whoever does may hold a lock around both.
#include <mutex>

class Session {
private:
  friend class Server;
  void open();
  void close();
  std::mutex table_, log_;
  int entries_ = 0;
};

void Session::open() {
  std::lock_guard table(table_);
  std::lock_guard log(log_);
  ++entries_;
}

void Session::close() {
  std::lock_guard log(log_);
  std::lock_guard table(table_);
  --entries_;
}
