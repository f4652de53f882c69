// Lock and unlock hang on the same condition, which does not change in between.
#include <cstdio>
#include <mutex>

std::mutex sumMutex;
int sum = 0;

void add(int value, bool threaded) {
  if (threaded)
    sumMutex.lock();
  sum += value;
  if (threaded)
    sumMutex.unlock();
}

int main(int argc, char **) {
  add(1, argc > 1);
  add(2, false);
  std::printf("%d\n", sum);
}
