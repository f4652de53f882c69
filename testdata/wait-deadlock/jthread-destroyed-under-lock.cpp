// jthread-destroyed-under-lock.cpp: a jthread that is declared after the guard is joined before the guard is gone.
#include <mutex>
#include <thread>

std::mutex mu;
int work = 0;

int main() {
  std::lock_guard<std::mutex> hold(mu);
  std::jthread worker([] {
    std::lock_guard<std::mutex> inner(mu);
    ++work;
  });
  ++work;
} // expect: wait-deadlock
