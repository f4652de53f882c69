// join-under-other-lock.cpp: the lock held across the join is none that the thread takes.
#include <mutex>
#include <thread>

std::mutex mu, lifecycle;
int work = 0;

void run() {
  std::lock_guard<std::mutex> hold(mu);
  ++work;
}

int main() {
  std::thread worker(run);
  std::lock_guard<std::mutex> hold(lifecycle);
  worker.join();
}
