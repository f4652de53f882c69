// Lock, write and unlock hang on the same condition, which does not change in between.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex logMutex;
int lines = 0;

void writeLog(bool verbose) {
  if (verbose)
    logMutex.lock();
  std::puts("working");
  if (verbose) {
    ++lines;
    logMutex.unlock();
  }
}

int main(int argc, char **) {
  std::thread first(writeLog, argc > 1);
  std::thread second(writeLog, argc > 2);
  first.join();
  second.join();
  std::printf("%d\n", lines);
}
