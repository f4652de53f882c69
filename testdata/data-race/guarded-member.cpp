// A class that guards its field with its own mutex in every method.
#include <cstdio>
#include <mutex>
#include <thread>

class Meter {
public:
  void tick() {
    std::lock_guard<std::mutex> guard(mu_);
    ++ticks_;
  }
  int ticks() const {
    std::lock_guard<std::mutex> guard(mu_);
    return ticks_;
  }

private:
  mutable std::mutex mu_;
  int ticks_ = 0;
};

int main() {
  Meter meter;
  std::thread ticker([&meter] { meter.tick(); });
  meter.tick();
  std::printf("%d\n", meter.ticks());
  ticker.join();
}
