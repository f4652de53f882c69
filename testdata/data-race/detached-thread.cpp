// A detached thread is never waited for: main reads while it may still write.
#include <cstdio>
#include <thread>

int ticks = 0;

void tick() {
  for (int i = 0; i < 100; ++i)
    ++ticks; // expect: data-race
}

int main() {
  std::thread(tick).detach();
  std::printf("%d\n", ticks);
}
