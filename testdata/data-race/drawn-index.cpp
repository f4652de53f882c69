// Every thread draws its next index from one atomic counter, so no two write one element.
#include <atomic>
#include <thread>
#include <vector>

std::atomic<int> nextIndex{0};

int main() {
  std::vector<double> results(1000);
  std::vector<std::thread> workers;
  for (int t = 0; t < 4; ++t)
    workers.emplace_back([&] {
      int i;
      while ((i = nextIndex++) < 1000)
        results[i] = i * 0.5;
    });
  for (std::thread &worker : workers)
    worker.join();
}
