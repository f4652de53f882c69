// A library class, no main: settings are made before the first operation. The operation reads them while it holds its
// lock, which is there for other fields; nobody ever writes a setting under it.
#include <functional>
#include <mutex>
#include <string>

class Client {
public:
  void setTimeout(int seconds) { timeout_ = seconds; }
  void setLogger(std::function<void(const std::string &)> logger) { logger_ = std::move(logger); }
  void send(const std::string &request);

private:
  void log(const std::string &text);

  std::mutex mu_, logMutex_;
  int timeout_ = 10;
  int sent_ = 0;
  std::function<void(const std::string &)> logger_;
};

void Client::log(const std::string &text) {
  std::lock_guard<std::mutex> guard(logMutex_);
  logger_(text);
}

void Client::send(const std::string &request) {
  std::lock_guard<std::mutex> guard(mu_);
  sent_ += timeout_ > 0;
  log(request);
}
