// A function calls the caller's lambda under its lock; the lambda comes back for the same lock.
#include <cstdio>
#include <mutex>
#include <vector>

std::mutex itemsMutex;
std::vector<int> items{1, 2, 3};

template <typename Visitor> void forEachItem(Visitor visit) {
  std::lock_guard<std::mutex> guard(itemsMutex);
  for (int item : items)
    visit(item);
}

int count() {
  std::lock_guard<std::mutex> guard(itemsMutex); // expect: self-deadlock
  return static_cast<int>(items.size());
}

int main() {
  forEachItem([](int item) { std::printf("%d of %d\n", item, count()); });
}
