// detached-thread.cpp: nobody waits for a detached thread.
#include <mutex>
#include <thread>

std::mutex mu;
int work = 0;

int main() {
  std::lock_guard<std::mutex> hold(mu);
  std::thread([] {
    std::lock_guard<std::mutex> inner(mu);
    ++work;
  }).detach();
  ++work;
}
