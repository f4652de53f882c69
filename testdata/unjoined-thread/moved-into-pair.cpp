// A thread object that is moved into a pair or constructed into a map's element lives on there and is joined there.
#include <list>
#include <map>
#include <memory>
#include <thread>
#include <utility>

class Server {
public:
  void accept(int id);
  ~Server();

private:
  std::list<std::pair<std::shared_ptr<int>, std::thread>> threads_;
  std::map<int, std::thread> byId_;
};

void handle(std::shared_ptr<int> state);

void Server::accept(int id) {
  auto state = std::make_shared<int>(id);
  threads_.push_back(std::make_pair(state, std::thread(handle, state)));
  threads_.emplace_back(state, std::thread(handle, state));
  std::thread third(handle, state);
  threads_.push_back(std::make_pair(state, std::move(third)));
  byId_.insert(std::make_pair(id, std::thread(handle, state)));
}

Server::~Server() {
  for (auto &entry : threads_)
    entry.second.join();
  for (auto &entry : byId_)
    entry.second.join();
}
