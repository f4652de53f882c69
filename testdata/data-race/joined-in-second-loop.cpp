// Threads started in one loop and joined in a second: after it, the results belong to main alone.
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

std::mutex hitsMutex;
int hits = 0;

void hit() {
  std::lock_guard<std::mutex> guard(hitsMutex);
  ++hits;
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.push_back(std::thread(hit));
  for (auto &thread : threads)
    thread.join();
  hits *= 2;
  std::printf("%d\n", hits);
}
