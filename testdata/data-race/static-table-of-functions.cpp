// A table of functions in a static local: whichever entry the index chooses may run, not the last one alone.
#include <thread>

static int first_count;
static int last_count;

static void bumpFirst() { first_count++; } // expect: data-race
static void bumpLast() { last_count++; }   // expect: data-race

static void run(unsigned i) {
  static void (*const table[])() = {bumpFirst, bumpLast};
  table[i % 2]();
}

int main(int argc, char **) {
  std::thread a(run, static_cast<unsigned>(argc));
  std::thread b(run, static_cast<unsigned>(argc) + 1);
  a.join();
  b.join();
}
