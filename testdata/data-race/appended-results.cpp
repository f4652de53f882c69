// Threads append their results to one vector: push_back writes the vector itself.
#include <cstdio>
#include <thread>
#include <vector>

std::vector<int> results;

void compute(int input) {
  results.push_back(input * input); // expect: data-race
}

int main() {
  std::thread first(compute, 1);
  std::thread second(compute, 2);
  first.join();
  second.join();
  std::printf("%zu\n", results.size());
}
