// Every transfer goes in the same direction, so the two accounts are always locked in one order.
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 100;
};

void transfer(Account &from, Account &to, int amount) {
  std::lock_guard<std::mutex> holdFrom(from.mu);
  std::lock_guard<std::mutex> holdTo(to.mu);
  from.balance -= amount;
  to.balance += amount;
}

Account checking;
Account savings;

int main() {
  std::thread first([] { transfer(checking, savings, 10); });
  std::thread second([] { transfer(checking, savings, 20); });
  first.join();
  second.join();
  std::printf("%d %d\n", checking.balance, savings.balance);
}
