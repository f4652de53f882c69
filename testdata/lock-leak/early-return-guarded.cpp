// The early return unlocks through the guard's destructor.
#include <cstdio>
#include <mutex>

std::mutex stockMutex;
int stock = 10;

bool take(int amount) {
  std::lock_guard<std::mutex> guard(stockMutex);
  if (amount > stock)
    return false;
  stock -= amount;
  return true;
}

int main(int argc, char **) { std::puts(take(argc) ? "taken" : "not enough"); }
