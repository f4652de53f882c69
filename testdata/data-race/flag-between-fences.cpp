// A relaxed flag with a release fence before its store and an acquire fence after its load publishes what was written before.
#include <atomic>
#include <thread>

bool ready = false, early = false;
std::atomic<bool> flag{false}, loose{false};
int seen = 0;

void produce() {
  ready = true;
  std::atomic_thread_fence(std::memory_order_release);
  flag.store(true, std::memory_order_relaxed);
}

void consume() {
  while (!flag.load(std::memory_order_relaxed)) {
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  seen = ready;
}

void produceEarly() {
  early = true; // expect: data-race "'early'"
  loose.store(true, std::memory_order_relaxed);
}

void consumeEarly() {
  while (!loose.load(std::memory_order_relaxed)) {
  }
  seen += early;
}

int main() {
  std::thread first(produce);
  std::thread second(consume);
  first.join();
  second.join();
  std::thread third(produceEarly);
  std::thread fourth(consumeEarly);
  third.join();
  fourth.join();
  return seen;
}
