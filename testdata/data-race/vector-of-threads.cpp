// One spawn in a loop starts many threads: the entry runs in parallel with itself.
#include <cstdio>
#include <thread>
#include <vector>

int hits = 0;

void hit() {
  ++hits; // expect: data-race
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(hit);
  for (std::thread &thread : threads)
    thread.join();
  std::printf("%d\n", hits);
}
