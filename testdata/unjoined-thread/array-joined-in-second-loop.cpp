// An array of threads filled by assignment in one loop and joined by index in a second.
#include <cstdio>
#include <thread>

void work(int id) { std::printf("working %d\n", id); }

int main() {
  std::thread workers[4];
  for (int i = 0; i < 4; ++i)
    workers[i] = std::thread(work, i);
  for (int i = 0; i < 4; ++i)
    workers[i].join();
}
