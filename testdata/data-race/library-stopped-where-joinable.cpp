// A library joins its thread where that is joinable: where it is not, none runs. What it does after that is not beside the thread.
#include <thread>

class Server {
public:
  ~Server();
  void start();
  void stop();
  void close();

private:
  void run();
  std::thread thread_;
  int descriptor_ = -1, port_ = 0;
  volatile bool stop_ = false;
};

Server::~Server() { stop(); }

void Server::start() {
  if (!thread_.joinable())
    thread_ = std::thread(&Server::run, this);
}

void Server::run() {
  while (!stop_ && descriptor_ != port_)
    ;
}

void Server::stop() {
  if (thread_.joinable())
    thread_.join();
  descriptor_ = -1;
}
