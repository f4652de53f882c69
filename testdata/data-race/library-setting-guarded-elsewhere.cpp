// A library class, no main: one setter takes the lock, so the lock is meant for the setting; the other setter forgets it.
#include <mutex>

class Client {
public:
  void setTimeout(int seconds);
  void resetTimeout();
  int send();

private:
  std::mutex mu_;
  int timeout_ = 10;
  int sent_ = 0;
};

void Client::setTimeout(int seconds) {
  std::lock_guard<std::mutex> guard(mu_);
  timeout_ = seconds;
}

void Client::resetTimeout() {
  timeout_ = 10; // expect: data-race
}

int Client::send() {
  std::lock_guard<std::mutex> guard(mu_);
  sent_ += timeout_;
  return sent_;
}
