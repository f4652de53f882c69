// A member thread is started by one method and joined by the destructor when it was started at all.
#include <cstdio>
#include <thread>

class Ticker {
public:
  ~Ticker() {
    if (worker_.joinable())
      worker_.join();
  }
  void start() {
    if (!worker_.joinable())
      worker_ = std::thread([] { std::puts("tick"); });
  }

private:
  std::thread worker_;
};

int main(int argc, char **) {
  Ticker ticker;
  if (argc == 1)
    ticker.start();
}
