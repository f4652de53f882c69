// The main thread takes part in the cycle while the worker runs.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex window;
std::mutex document;

void render() {
  std::lock_guard<std::mutex> holdWindow(window);
  // expect: lock-order-inversion "window -> document -> window"
  std::lock_guard<std::mutex> holdDocument(document);
  std::puts("render");
}

int main() {
  std::thread renderer(render);
  {
    std::lock_guard<std::mutex> holdDocument(document);
    std::lock_guard<std::mutex> holdWindow(window);
    std::puts("edit");
  }
  renderer.join();
}
