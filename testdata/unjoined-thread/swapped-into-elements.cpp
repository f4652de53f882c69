// Each new thread is swapped into an empty element; what is destroyed at the end of the round was empty.
#include <thread>
#include <vector>

void work();

struct Pool {
  explicit Pool(int n) : threads(n) {}
  void start() {
    for (auto &element : threads) {
      std::thread started(work);
      element.swap(started);
    }
  }
  void join() {
    for (auto &element : threads)
      element.join();
  }
  std::vector<std::thread> threads;
};

void run(int n) {
  std::vector<std::thread> threads(n);
  for (int i = 0; i < n; ++i) {
    std::thread started(work);
    threads[i].swap(started);
  }
  for (int i = 0; i < n; ++i)
    threads[i].join();
}

int main() {
  Pool pool(3);
  pool.start();
  pool.join();
  run(3);
}
