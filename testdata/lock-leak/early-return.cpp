// The early return leaves the mutex locked.
#include <cstdio>
#include <mutex>

std::mutex stockMutex;
int stock = 10;

bool take(int amount) {
  stockMutex.lock(); // expect: lock-leak
  if (amount > stock)
    return false;
  stock -= amount;
  stockMutex.unlock();
  return true;
}

int main(int argc, char **) { std::puts(take(argc) ? "taken" : "not enough"); }
