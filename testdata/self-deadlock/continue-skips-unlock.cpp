// `continue` skips the unlock, so the next round waits for the lock of this one.
#include <cstdio>
#include <mutex>

std::mutex sumMutex;
int sum = 0;

void addPositive(const int *values, int count) {
  for (int i = 0; i < count; ++i) {
    sumMutex.lock(); // expect: self-deadlock
    if (values[i] < 0)
      continue;
    sum += values[i];
    sumMutex.unlock();
  }
}

int main() {
  const int values[] = {1, -2, 3};
  addPositive(values, 3);
  std::printf("%d\n", sum);
}
