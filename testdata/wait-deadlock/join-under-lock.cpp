// join-under-lock.cpp: a thread is joined under the lock that it needs to get to its end.
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
  std::lock_guard<std::mutex> hold(mu);
  worker.join(); // expect: wait-deadlock "mu -> end of thread 'run' -> mu"
}
