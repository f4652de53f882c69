// A thread moved into a new element of pairs, round by round: no round loses the thread of the one before.
#include <future>
#include <thread>
#include <utility>
#include <vector>

class Pool {
public:
  void start(int count);
  void restart(int count);
  ~Pool() {
    for (auto &worker : workers_) {
      worker.first.join();
      worker.second.get();
    }
  }

private:
  std::vector<std::pair<std::thread, std::future<int>>> workers_;
};

static void work(std::promise<int> done) { done.set_value(1); }

void Pool::start(int count) {
  for (int i = 0; i < count; ++i) {
    std::promise<int> promise;
    std::future<int> future = promise.get_future();
    std::thread thread(work, std::move(promise));
    workers_.emplace_back(std::move(thread), std::move(future));
  }
}

// The near miss: one variable for all rounds.
void Pool::restart(int count) {
  std::thread thread;
  for (int i = 0; i < count; ++i)
    thread = std::thread([] {}); // expect: unjoined-thread
  if (thread.joinable())
    thread.join();
}

int main() {
  Pool pool;
  pool.start(3);
  pool.restart(3);
}
