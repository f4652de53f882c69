// No exception leaves a function that is declared not to throw: between lock() and unlock() nothing is skipped.
#include <mutex>
#include <stdexcept>

std::mutex sumMutex;
int sum = 0;

int checked(int value) {
  if (value < 0)
    throw std::out_of_range("negative");
  return value;
}

int trusted(int value) noexcept { return checked(value); }

void add(int value) {
  sumMutex.lock();
  sum += trusted(value);
  sumMutex.unlock();
}

int main(int argc, char **) { add(1 - argc); }
