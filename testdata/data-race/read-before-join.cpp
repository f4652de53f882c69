// The main thread reads the result while the writer may still run.
#include <cstdio>
#include <thread>

int answer = 0;

void compute() {
  answer = 42; // expect: data-race
}

int main() {
  std::thread worker(compute);
  std::printf("%d\n", answer);
  worker.join();
}
