// Each function takes one lock and calls a function that takes the other.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex cacheMutex;
std::mutex logMutex;

void logLine(const char *text) {
  // expect: lock-order-inversion "cacheMutex -> logMutex -> cacheMutex"
  std::lock_guard<std::mutex> guard(logMutex);
  std::puts(text);
}

void dropCache() {
  std::lock_guard<std::mutex> guard(cacheMutex);
  std::puts("dropped");
}

void fillCache() {
  std::lock_guard<std::mutex> guard(cacheMutex);
  logLine("filled");
}

void rotateLog() {
  std::lock_guard<std::mutex> guard(logMutex);
  dropCache();
}

int main() {
  std::thread filler(fillCache);
  std::thread rotator(rotateLog);
  filler.join();
  rotator.join();
}
