// join-through-second-lock.cpp: three threads: main joins under a, the worker waits for b, whose owner waits for a.
#include <mutex>
#include <thread>

std::mutex a, b;
int work = 0;

void needsB() {
  std::lock_guard<std::mutex> hold(b);
  ++work;
}

void takesBThenA() {
  std::lock_guard<std::mutex> holdB(b);
  std::lock_guard<std::mutex> holdA(a);
  ++work;
}

int main() {
  std::thread first(needsB), second(takesBThenA);
  {
    std::lock_guard<std::mutex> hold(a);
    first.join(); // expect: wait-deadlock "a -> end of thread 'needsB' -> b -> a"
  }
  second.join();
}
