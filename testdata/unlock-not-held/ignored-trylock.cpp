// The unlock does not ask whether try_lock got the mutex.
#include <cstdio>
#include <mutex>

std::mutex counterMutex;
int counter = 0;

void count() {
  bool locked = counterMutex.try_lock();
  if (locked)
    ++counter;
  counterMutex.unlock(); // expect: unlock-not-held
}

int main() {
  count();
  std::puts("done");
}
