// The main thread reads the result after it joined the writer.
#include <cstdio>
#include <thread>

int answer = 0;

void compute() { answer = 42; }

int main() {
  std::thread worker(compute);
  worker.join();
  answer += 1;
  std::printf("%d\n", answer);
}
