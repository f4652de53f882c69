// The thread that was joined has joined its own.
#include <cstdio>
#include <thread>

int progress;

void report() { progress = 1; }

void start() {
  std::thread reporter(report);
  reporter.join();
}

int main() {
  std::thread starter(start);
  starter.join();
  std::printf("%d\n", progress);
}
