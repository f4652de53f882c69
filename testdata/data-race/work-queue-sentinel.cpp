// A work queue under a mutex and a condition variable; a sentinel value ends each worker.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

constexpr int kStop = -1;

std::mutex queueMutex;
std::condition_variable queueReady;
std::queue<int> workQueue;
int total = 0;

void push(int item) {
  {
    std::lock_guard<std::mutex> guard(queueMutex);
    workQueue.push(item);
  }
  queueReady.notify_one();
}

void work() {
  for (;;) {
    std::unique_lock<std::mutex> guard(queueMutex);
    queueReady.wait(guard, [] { return !workQueue.empty(); });
    int item = workQueue.front();
    workQueue.pop();
    if (item == kStop)
      return;
    total += item;
  }
}

int main() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back(work);
  for (int item = 1; item <= 10; ++item)
    push(item);
  for (int i = 0; i < 3; ++i)
    push(kStop);
  for (std::thread &worker : workers)
    worker.join();
  std::printf("%d\n", total);
}
