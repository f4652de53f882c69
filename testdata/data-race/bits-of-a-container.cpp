// Bits of a container share words: two threads that write two of them meet, unlike those that write bytes or only look.
#include <bitset>
#include <thread>
#include <vector>

static std::vector<bool> done(16), known(16);
static std::vector<char> bytes(16);
static bool isFirstKnown, isSecondKnown;

static void first() {
  done[0] = true; // expect: data-race "done"
  bytes[0] = 1;
  isFirstKnown = known[0];
}

static void second() {
  done[1] = true;
  bytes[1] = 1;
  isSecondKnown = known[1];
}

static void own() {
  std::bitset<8> mine;
  mine[1] = true;
  mine[2].flip();
}

int main() {
  known[0] = true;
  std::thread a(first), b(second), c(own), d(own);
  a.join();
  b.join();
  c.join();
  d.join();
  return done[0] && isFirstKnown && isSecondKnown && bytes[0];
}
