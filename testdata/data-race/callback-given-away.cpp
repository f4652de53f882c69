// A function whose body is elsewhere gets a callback while a thread that touches the same counter runs.
#include <functional>
#include <thread>

void forEachRecord(const std::function<void()> &visit);

int visited;

int main() {
  std::thread worker([] { visited++; }); // expect: data-race
  forEachRecord([] { visited++; });
  worker.join();
}
