// The hook is given away after the thread has ended.
#include <thread>

void inEachRound(void (*hook)());

int visited;

int main() {
  std::thread worker([] { visited++; });
  worker.join();
  inEachRound([] { visited++; });
}
