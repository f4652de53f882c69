// Different locksets with one lock in common are enough.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex depositMutex;
std::mutex balanceMutex;
std::mutex withdrawMutex;
int balance = 0;

void deposit() {
  std::lock_guard<std::mutex> outer(depositMutex);
  std::lock_guard<std::mutex> inner(balanceMutex);
  balance += 10;
}

void withdraw() {
  std::lock_guard<std::mutex> outer(withdrawMutex);
  std::lock_guard<std::mutex> inner(balanceMutex);
  balance -= 10;
}

int main() {
  std::thread first(deposit);
  std::thread second(withdraw);
  first.join();
  second.join();
  std::printf("%d\n", balance);
}
