// What an initialisation did once is read past the flag that says so.
#include <atomic>
#include <mutex>
#include <thread>

std::once_flag once;
std::atomic<bool> isReady{false};
unsigned limit = 10;

void prepare() {
  if (limit < 256)
    limit = 256;
}

unsigned cut(unsigned size) {
  if (!isReady)
    std::call_once(once, [] {
      prepare();
      isReady = true;
    });
  return size > limit ? limit : size;
}

int main() {
  std::thread other([] { cut(3); });
  cut(4);
  other.join();
}
