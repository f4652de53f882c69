// Between lock() and unlock() a C function calls back code that can throw.
#include "each.h"

#include <mutex>
#include <stdexcept>

static std::mutex sumMutex;
static int sum = 0;

static void addChecked(int value) {
  if (value < 0)
    throw std::out_of_range("negative");
  sum += value;
}

int main(int argc, char **) {
  const int values[] = {argc, 2, 3};
  sumMutex.lock();
  for_each(values, values + 3, addChecked);
  sumMutex.unlock();
}
