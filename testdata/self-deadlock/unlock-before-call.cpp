// The mutex is released before the call that takes it again.
#include <cstdio>
#include <mutex>

std::mutex queueMutex;
int queued = 0;

void notify() {
  std::lock_guard<std::mutex> guard(queueMutex);
  std::printf("%d queued\n", queued);
}

void push() {
  std::unique_lock<std::mutex> guard(queueMutex);
  ++queued;
  guard.unlock();
  notify();
}

int main() { push(); }
