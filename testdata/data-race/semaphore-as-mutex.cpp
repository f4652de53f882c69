// A binary semaphore that starts at one and is always acquired and released in pairs is a mutex.
#include <cstdio>
#include <semaphore>
#include <thread>

std::binary_semaphore turn{1};
int counter = 0;

void work() {
  turn.acquire();
  ++counter;
  turn.release();
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d\n", counter);
}
