// A flag that one side reads without the mutex tells nothing of what was done before it was raised.
#include <mutex>
#include <thread>

std::mutex mutex;
bool isReady = false;
int settings = 0;

void initialize() {
  std::lock_guard<std::mutex> guard(mutex);
  settings = 1000;
  isReady = true;  // expect: data-race "isReady"
}

void use() {
  while (!isReady)
    std::this_thread::yield();
  settings = 1; // expect: data-race "settings"
}

int main() {
  std::thread first(initialize), second(use);
  first.join();
  second.join();
}
