// get() waits for the task: what follows it runs after the task.
#include <cstdio>
#include <future>

int progress = 0;

int compute() {
  progress = 1;
  return 42;
}

int main() {
  std::future<int> result = std::async(std::launch::async, compute);
  int value = result.get();
  progress += 2;
  std::printf("%d %d\n", value, progress);
}
