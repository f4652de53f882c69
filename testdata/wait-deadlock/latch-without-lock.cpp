// latch-without-lock.cpp: nobody holds a lock while waiting at the latch.
#include <latch>
#include <mutex>
#include <thread>

std::mutex mu;
std::latch done(1);
int sum = 0;

void work() {
  {
    std::lock_guard<std::mutex> hold(mu);
    ++sum;
  }
  done.count_down();
}

int main() {
  std::thread worker(work);
  done.wait();
  {
    std::lock_guard<std::mutex> hold(mu);
    ++sum;
  }
  worker.join();
}
