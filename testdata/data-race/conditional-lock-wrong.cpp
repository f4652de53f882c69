// The lock hangs on a condition, the write does not.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex logMutex;
int lines = 0;

void writeLog(bool careful) {
  if (careful)
    logMutex.lock();
  ++lines; // expect: data-race
  if (careful)
    logMutex.unlock();
}

int main(int argc, char **) {
  std::thread first(writeLog, argc > 1);
  std::thread second(writeLog, argc > 2);
  first.join();
  second.join();
  std::printf("%d\n", lines);
}
