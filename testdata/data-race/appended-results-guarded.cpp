// Threads append their results to one vector under a mutex.
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

std::mutex resultsMutex;
std::vector<int> results;

void compute(int input) {
  int square = input * input;
  std::lock_guard<std::mutex> guard(resultsMutex);
  results.push_back(square);
}

int main() {
  std::thread first(compute, 1);
  std::thread second(compute, 2);
  first.join();
  second.join();
  std::printf("%zu\n", results.size());
}
