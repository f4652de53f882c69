// A handler that unlocks runs after the lock was taken: what throws stands behind it.
#include <cstdio>
#include <mutex>
#include <stdexcept>

std::mutex mu;
int total = 0;

void add(int n) {
  if (n < 0)
    throw std::invalid_argument("negative");
  total += n;
}

void guarded(int n) {
  try {
    mu.lock();
    add(n);
    mu.unlock();
  } catch (...) {
    mu.unlock();
  }
}

int main(int argc, char **) {
  guarded(argc - 2);
  std::printf("%d\n", total);
}
