// What looks like a spin lock keeps nobody out: the attempt may have failed, the object is cleared too early, or nothing is ordered.
#include <atomic>
#include <thread>

static std::atomic<bool> taken{false}, early{false}, loose{false};
static int lost, late, unordered;

static void tryOnce() {
  if (!taken.exchange(true))
    taken = false;
  else
    ++lost; // expect: data-race
}

static void clearFirst() {
  while (early.exchange(true)) {
  }
  early = false;
  ++late; // expect: data-race
}

static void withoutOrder() {
  while (loose.exchange(true, std::memory_order_relaxed)) {
  }
  ++unordered; // expect: data-race
  loose.store(false, std::memory_order_relaxed);
}

static void work() {
  tryOnce();
  clearFirst();
  withoutOrder();
}

int main() {
  std::thread one(work), two(work);
  one.join();
  two.join();
}
