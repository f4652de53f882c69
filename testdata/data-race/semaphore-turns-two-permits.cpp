// Two semaphores that both start at one: both threads may be at it.
#include <semaphore>
#include <thread>

std::binary_semaphore odd{1}, even{1};
int number = 0;

int main() {
  std::thread first([] {
    for (int i = 0; i < 5; ++i) {
      odd.acquire();
      ++number; // expect: data-race "'number'"
      even.release();
    }
  });
  std::thread second([] {
    for (int i = 0; i < 5; ++i) {
      even.acquire();
      ++number;
      odd.release();
    }
  });
  first.join();
  second.join();
}
