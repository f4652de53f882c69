// Assigning to a joinable std::thread ends the program: the first thread was never joined.
#include <cstdio>
#include <thread>

void work(int round) { std::printf("round %d\n", round); }

int main() {
  std::thread worker(work, 1); // expect: unjoined-thread
  worker = std::thread(work, 2);
  worker.join();
}
