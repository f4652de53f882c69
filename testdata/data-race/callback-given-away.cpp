// A function whose body is elsewhere gets a hook while a thread that touches the same counter runs.
#include <thread>

void inEachRound(void (*hook)());

int visited;

int main() {
  std::thread worker([] { visited++; }); // expect: data-race
  inEachRound([] { visited++; });
  worker.join();
}
