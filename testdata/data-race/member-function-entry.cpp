// A member function runs in two threads on the same object.
#include <cstdio>
#include <thread>

class Meter {
public:
  void run() {
    ++ticks_; // expect: data-race
  }
  int ticks() const { return ticks_; }

private:
  int ticks_ = 0;
};

int main() {
  Meter meter;
  std::thread first(&Meter::run, &meter);
  std::thread second(&Meter::run, &meter);
  first.join();
  second.join();
  std::printf("%d\n", meter.ticks());
}
