// A copy made under the lock is what the unknown function gets.
#include <mutex>
#include <string>
#include <thread>

void nameThread(const std::string &name);

class Session {
public:
  void start() { thread_ = std::thread(&Session::run, this); }
  void setUrl(const std::string &url);
  std::string url();
  void stop() { thread_.join(); }

private:
  void run() { nameThread(url()); }

  std::mutex mu_;
  std::string url_;
  std::thread thread_;
};

std::string Session::url() {
  std::lock_guard<std::mutex> guard(mu_);
  return url_;
}

void Session::setUrl(const std::string &url) {
  std::lock_guard<std::mutex> guard(mu_);
  url_ = url;
}
