// join-shared-both.cpp: joiner and thread both hold the lock shared.
#include <shared_mutex>
#include <thread>

std::shared_mutex mu;
int work = 1;

int main() {
  std::thread worker([] {
    std::shared_lock<std::shared_mutex> inner(mu);
    (void)work;
  });
  std::shared_lock<std::shared_mutex> hold(mu);
  worker.join();
}
