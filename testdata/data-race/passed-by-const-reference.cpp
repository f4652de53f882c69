// A string that is passed by reference to const to a function nobody sees is read there.
#include <mutex>
#include <string>
#include <thread>

void nameThread(const std::string &name);

class Session {
public:
  void start() { thread_ = std::thread(&Session::run, this); }
  void setUrl(const std::string &url);
  void stop() { thread_.join(); }

private:
  void run() { nameThread(url_); }

  std::mutex mu_;
  std::string url_;
  std::thread thread_;
};

void Session::setUrl(const std::string &url) {
  std::lock_guard<std::mutex> guard(mu_);
  url_ = url; // expect: data-race
}
