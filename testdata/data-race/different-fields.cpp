// Two threads write two different fields of one object: different locations.
#include <cstdio>
#include <thread>

struct Totals {
  int read = 0;
  int written = 0;
};

Totals totals;

void reader() { totals.read += 1; }

void writer() { totals.written += 1; }

int main() {
  std::thread first(reader);
  std::thread second(writer);
  first.join();
  second.join();
  std::printf("%d %d\n", totals.read, totals.written);
}
