// `break` leaves the loop with the lock of the current round.
#include <cstdio>
#include <mutex>

std::mutex sumMutex;
int sum = 0;

void addUntilZero(const int *values, int count) {
  for (int i = 0; i < count; ++i) {
    sumMutex.lock(); // expect: lock-leak
    if (values[i] == 0)
      break;
    sum += values[i];
    sumMutex.unlock();
  }
}

int main() {
  const int values[] = {1, 2, 0};
  addUntilZero(values, 3);
  std::puts("added");
}
