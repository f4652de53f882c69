// latch-under-lock.cpp: whoever counts the latch down needs the lock that the waiter holds.
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
  {
    std::lock_guard<std::mutex> hold(mu);
    done.wait(); // expect: wait-deadlock "latch 'done'"
  }
  worker.join();
}
