// A callback that a container keeps is called under the lock that it takes itself.
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

class Signal {
public:
  void connect(std::function<void()> slot) {
    std::lock_guard<std::mutex> guard(mutex_); // expect: self-deadlock
    slots_.push_back(std::move(slot));
  }
  void emit() {
    std::lock_guard<std::mutex> guard(mutex_);
    for (auto &slot : slots_)
      slot();
  }

private:
  std::mutex mutex_;
  std::vector<std::function<void()>> slots_;
};

Signal changed;

int main() {
  changed.connect([] { changed.connect([] {}); });
  changed.emit();
}
