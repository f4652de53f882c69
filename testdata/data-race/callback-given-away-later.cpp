// The callback is given away after the thread has ended.
#include <functional>
#include <thread>

void forEachRecord(const std::function<void()> &visit);

int visited;

int main() {
  std::thread worker([] { visited++; });
  worker.join();
  forEachRecord([] { visited++; });
}
