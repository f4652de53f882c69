// Each worker has the slot whose number stands in its own record.
#include <atomic>
#include <thread>
#include <vector>

struct Slot {
  long epoch = 0;
};

struct Worker {
  unsigned id = 0;
};

class Pool {
public:
  explicit Pool(unsigned count) : slots_(count), workers_(count) {
    for (unsigned id = 0; id < count; ++id) {
      workers_[id].id = id;
      threads_.emplace_back([this, &worker = workers_[id]] { run(worker); });
    }
  }
  ~Pool() {
    for (std::thread &thread : threads_)
      thread.join();
  }

private:
  std::vector<Slot> slots_;
  std::vector<Worker> workers_;
  std::vector<std::thread> threads_;
  std::atomic<long> state_{0};

  void prepare(unsigned id) { slots_[id].epoch = state_.fetch_add(1); }
  void run(Worker &worker) { prepare(worker.id); }
};

int main() {
  Pool pool(4);
  return 0;
}
