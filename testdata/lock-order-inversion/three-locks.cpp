// Three threads, three mutexes: no pair is inverted, the cycle closes over all three.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a;
std::mutex b;
std::mutex c;

void first() {
  std::lock_guard<std::mutex> outer(a);
  std::lock_guard<std::mutex> inner(b); // expect: lock-order-inversion "a -> b -> c -> a: 'b' is taken here while 'a' is held, and elsewhere the rest of the cycle is taken"
  std::puts("first");
}

void second() {
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(c);
  std::puts("second");
}

void third() {
  std::lock_guard<std::mutex> outer(c);
  std::lock_guard<std::mutex> inner(a);
  std::puts("third");
}

int main() {
  std::thread one(first);
  std::thread two(second);
  std::thread three(third);
  one.join();
  two.join();
  three.join();
}
