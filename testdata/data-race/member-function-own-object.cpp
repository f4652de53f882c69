// The same member function runs in two threads, each on its own object.
#include <cstdio>
#include <thread>

class Meter {
public:
  void run() { ++ticks_; }
  int ticks() const { return ticks_; }

private:
  int ticks_ = 0;
};

int main() {
  Meter left;
  Meter right;
  std::thread first(&Meter::run, &left);
  std::thread second(&Meter::run, &right);
  first.join();
  second.join();
  std::printf("%d %d\n", left.ticks(), right.ticks());
}
