// The callbacks are copied under the lock and called without it: one may register another.
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

class Signal {
public:
  void connect(std::function<void()> slot) {
    std::lock_guard<std::mutex> guard(mutex_);
    slots_.push_back(std::move(slot));
  }
  void emit() {
    std::vector<std::function<void()>> now;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      now = slots_;
    }
    for (auto &slot : now)
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
