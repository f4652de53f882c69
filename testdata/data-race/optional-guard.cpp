// A guard in an optional: given back by reset(), once.
#include <mutex>
#include <optional>
#include <thread>

static std::mutex mutex;
static int inside, outside;

static void work(bool isQuick) {
  std::optional<std::lock_guard<std::mutex>> guard;
  guard.emplace(mutex);
  ++inside;
  if (isQuick) {
    ++inside;
    guard.reset();
    ++outside; // expect: data-race
  }
}

int main() {
  std::thread one(work, true), two(work, true);
  one.join();
  two.join();
}
