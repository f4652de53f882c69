// Both sides hold a lock, but not the same one.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex depositMutex;
std::mutex withdrawMutex;
int balance = 0;

void deposit() {
  std::lock_guard<std::mutex> guard(depositMutex);
  balance += 10; // expect: data-race
}

void withdraw() {
  std::lock_guard<std::mutex> guard(withdrawMutex);
  balance -= 10;
}

int main() {
  std::thread first(deposit);
  std::thread second(withdraw);
  first.join();
  second.join();
  std::printf("%d\n", balance);
}
