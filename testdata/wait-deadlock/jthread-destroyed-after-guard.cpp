// jthread-destroyed-after-guard.cpp: a jthread that is declared before the guard is joined after the lock is free.
#include <mutex>
#include <thread>

std::mutex mu;
int work = 0;

int main() {
  std::jthread worker([] {
    std::lock_guard<std::mutex> inner(mu);
    ++work;
  });
  std::lock_guard<std::mutex> hold(mu);
  ++work;
}
