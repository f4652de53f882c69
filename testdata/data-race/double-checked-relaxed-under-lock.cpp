// The second look at the flag is relaxed, because it is made under the lock that the store was made under; it may see the flag set
// although the first look did not.
#include <atomic>
#include <mutex>
#include <thread>

std::atomic<bool> isReady{false};
std::mutex tableMutex;
int table[16];

int lookUp(int i) {
  if (!isReady.load(std::memory_order_acquire)) {
    std::lock_guard<std::mutex> guard(tableMutex);
    if (!isReady.load(std::memory_order_relaxed)) {
      for (int k = 0; k < 16; ++k)
        table[k] = k * k;
      isReady.store(true, std::memory_order_release);
    }
  }
  return table[i];
}

int main() {
  std::thread a([] { lookUp(1); }), b([] { lookUp(2); });
  a.join();
  b.join();
}
