// once-left.cpp: the routine of call_once throws; afterwards the flag is not held.
#include "program.h"
#include <mutex>
#include <thread>

static std::once_flag flag;
static std::mutex a, b;
static int callThatThrows() {
  int caught = 0;
  for (int round = 0; round < 3; ++round)
    try {
      std::call_once(flag, [&] {
        if (round < 2)
          throw round;
      });
    } catch (int) {
      ++caught;
    }
  return caught;
}
int main() {
  int caught = 0;
  std::thread thread([&] {
    caught = callThatThrows();
    std::lock_guard outer(a);
    std::lock_guard inner(b);
  });
  std::thread second([] {
    pauseMs(60);
    std::lock_guard outer(a);
    std::call_once(flag, [] {});
  });
  thread.join();
  second.join();
  return caught == 2 ? 0 : 98;
}
