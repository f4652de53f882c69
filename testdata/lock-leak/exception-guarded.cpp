// Unwinding destroys the guard, and the guard unlocks.
#include <cstdio>
#include <mutex>
#include <stdexcept>

std::mutex sumMutex;
int sum = 0;

int checked(int value) {
  if (value < 0)
    throw std::out_of_range("negative");
  return value;
}

void add(int value) {
  std::unique_lock<std::mutex> guard(sumMutex);
  sum += checked(value);
}

int main(int argc, char **) {
  try {
    add(1 - argc);
  } catch (const std::out_of_range &error) {
    std::puts(error.what());
  }
}
