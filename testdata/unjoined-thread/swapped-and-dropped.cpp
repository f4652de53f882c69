// Swapped with a thread that runs, which is then destroyed.
#include <thread>

void work();

int main() {
  std::thread first(work); // expect: unjoined-thread
  std::thread second(work);
  {
    std::thread third;
    third.swap(first);
  }
  second.join();
}
