// Philosophers who ask a waiter first: all forks are taken under one outer lock, so no ring of waiting closes.
#include <mutex>
#include <thread>
#include <vector>

constexpr int kSeats = 5;
std::mutex waiter, forks[kSeats];
int meals;

void dine(int seat) {
  for (int round = 0; round < 3; ++round) {
    std::lock_guard<std::mutex> asked(waiter);
    std::lock_guard<std::mutex> left(forks[seat]);
    std::lock_guard<std::mutex> right(forks[(seat + 1) % kSeats]);
    ++meals;
  }
}

int main() {
  std::vector<std::thread> philosophers;
  for (int seat = 0; seat < kSeats; ++seat)
    philosophers.emplace_back(dine, seat);
  for (std::thread &philosopher : philosophers)
    philosopher.join();
}
