// A lambda that captures a local by reference shares it with the thread that created it.
#include <cstdio>
#include <thread>

int main() {
  int total = 0;
  std::thread worker([&] {
    total += 10; // expect: data-race
  });
  total += 100;
  worker.join();
  std::printf("%d\n", total);
}
