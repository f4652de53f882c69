// Atomic objects that serve as locks: exchanged until they were free, cleared at the end.
#include <atomic>
#include <mutex>
#include <thread>

class Exchanged {
public:
  void lock() {
    while (taken_.exchange(true, std::memory_order_acquire))
      std::this_thread::yield();
  }
  bool try_lock() { return !taken_.exchange(true, std::memory_order_acquire); }
  void unlock() { taken_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> taken_{false};
};

class Compared {
public:
  void lock() {
    int expected = 0;
    while (!state_.compare_exchange_weak(expected, 1))
      expected = 0;
  }
  void unlock() { state_ = 0; }

private:
  std::atomic<int> state_{0};
};

static Exchanged exchanged;
static Compared compared;
static std::atomic_flag flag = ATOMIC_FLAG_INIT;
static int a, b, c;

static void work() {
  exchanged.lock();
  ++a;
  exchanged.unlock();
  if (exchanged.try_lock()) {
    ++a;
    exchanged.unlock();
  }
  {
    std::lock_guard<Exchanged> guard(exchanged); // the same lock
    ++a;
  }
  compared.lock();
  ++b;
  compared.unlock();
  while (flag.test_and_set()) {
  }
  ++c;
  flag.clear();
}

int main() {
  std::thread one(work), two(work);
  one.join();
  two.join();
}
