// std::ref hands one object to two threads; a plain argument would have been copied.
#include <cstdio>
#include <functional>
#include <thread>

struct Stats {
  int samples = 0;
};

void collect(Stats &stats) {
  stats.samples += 1; // expect: data-race
}

int main() {
  Stats stats;
  std::thread first(collect, std::ref(stats));
  std::thread second(collect, std::ref(stats));
  first.join();
  second.join();
  std::printf("%d\n", stats.samples);
}
