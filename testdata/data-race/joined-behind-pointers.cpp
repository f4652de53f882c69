// Threads that a container holds by pointer are joined in a walk over it.
#include <cstdio>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

class Group {
public:
  template <class F> std::thread *add(F &&function) {
    auto thread = std::make_shared<std::thread>(std::forward<F>(function));
    threads_[thread->get_id()] = thread;
    return thread.get();
  }
  void joinAll() {
    for (auto &entry : threads_)
      if (entry.second->joinable())
        entry.second->join();
    threads_.clear();
  }

private:
  std::unordered_map<std::thread::id, std::shared_ptr<std::thread>> threads_;
};

class Crew {
public:
  void start();
  void finish() {
    for (auto &worker : workers_)
      worker->join();
  }

private:
  std::vector<std::unique_ptr<std::thread>> workers_;
};

static int grouped, hired, listed, early;

void Crew::start() {
  workers_.push_back(std::make_unique<std::thread>([] { ++hired; }));
}

int main() {
  Group group;
  group.add([] { ++grouped; });
  group.joinAll();
  Crew crew;
  crew.start();
  crew.finish();
  std::vector<std::thread *> list;
  list.push_back(new std::thread([] { ++listed; }));
  list.push_back(new std::thread([] { ++early; })); // expect: data-race
  ++early;
  for (std::thread *thread : list) {
    thread->join();
    delete thread;
  }
  std::printf("%d %d %d %d\n", ++grouped, ++hired, ++listed, ++early);
}
