// The thread that was joined has started another one, which still runs.
#include <cstdio>
#include <thread>

int progress;

void report() {
  progress = 1; // expect: data-race
}

void start() { std::thread(report).detach(); }

int main() {
  std::thread starter(start);
  starter.join();
  std::printf("%d\n", progress);
}
