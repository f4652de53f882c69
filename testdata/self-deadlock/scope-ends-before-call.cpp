// The guard's block ends before the call that takes the mutex again.
#include <cstdio>
#include <mutex>

std::mutex queueMutex;
int queued = 0;

void notify() {
  std::lock_guard<std::mutex> guard(queueMutex);
  std::printf("%d queued\n", queued);
}

void push() {
  {
    std::lock_guard<std::mutex> guard(queueMutex);
    ++queued;
  }
  notify();
}

int main() { push(); }
