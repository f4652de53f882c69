// An exception that nobody catches ends the program, whether a thread was joined before or not.
#include <cstdio>
#include <stdexcept>
#include <thread>

static void work() { std::puts("working"); }

static void check(int items) {
  if (items == 0)
    throw std::invalid_argument("no items");
}

static void process(int items) {
  std::thread worker(work);
  check(items);
  worker.join();
}

static void start(int items) noexcept {
  std::thread worker(work);
  check(items);
  worker.join();
}

// The near miss: whoever calls this one catches it.
static void tryOut(int items) {
  std::thread worker(work); // expect: unjoined-thread
  check(items);
  worker.join();
}

int main(int argc, char **) {
  std::thread helper([argc] { process(argc - 2); });
  start(argc);
  process(argc - 1);
  try {
    tryOut(argc - 1);
  } catch (const std::invalid_argument &) {
    std::puts("no items");
  }
  helper.join();
}
