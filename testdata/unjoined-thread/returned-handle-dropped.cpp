// A function returns a running thread; its caller lets the handle go.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

std::thread start() {
  return std::thread(work); // expect: unjoined-thread
}

int main() {
  std::thread worker = start();
  std::puts("main is done");
}
