// join-with-timed-lock.cpp: the joined thread only tries to get the lock.
#include <mutex>
#include <thread>

std::mutex mu;
int work = 0;

void run() {
  if (mu.try_lock()) {
    ++work;
    mu.unlock();
  }
}

int main() {
  std::thread worker(run);
  std::lock_guard<std::mutex> hold(mu);
  worker.join();
}
