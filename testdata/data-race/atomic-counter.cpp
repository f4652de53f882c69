// Atomic accesses from several threads are no data race, even as a load followed by a store.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<int> hits{0};
std::atomic<int> last{0};

void hit() {
  hits.fetch_add(1, std::memory_order_relaxed);
  int seen = last.load();
  last.store(seen + 1);
}

int main() {
  std::thread first(hit);
  std::thread second(hit);
  first.join();
  second.join();
  std::printf("%d %d\n", hits.load(), last.load());
}
