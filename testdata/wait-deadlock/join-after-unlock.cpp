// join-after-unlock.cpp: the lock is given back before the thread that needs it is joined.
#include <mutex>
#include <thread>

std::mutex mu;
int work = 0;

void run() {
  std::lock_guard<std::mutex> hold(mu);
  ++work;
}

int main() {
  std::thread worker(run);
  {
    std::lock_guard<std::mutex> hold(mu);
    ++work;
  }
  worker.join();
}
