// A class starts its member thread and has no destructor that joins it.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

class Ticker {
public:
  Ticker() : worker_(work) {} // expect: unjoined-thread

private:
  std::thread worker_;
};

int main() {
  Ticker ticker;
  std::puts("ticking");
}
