// The index is read and advanced in two steps: two threads can get the same one.
#include <atomic>
#include <thread>

std::atomic<int> nextIndex{0};
double results[1000];

void work() {
  for (;;) {
    int i = nextIndex.load();
    nextIndex.store(i + 1);
    if (i >= 1000)
      return;
    results[i] = i * 0.5; // expect: data-race
  }
}

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}
