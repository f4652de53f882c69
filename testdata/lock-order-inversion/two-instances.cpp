// Two transfers between the same two accounts in opposite directions lock them in opposite orders.
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 100;
};

void transfer(Account &from, Account &to, int amount) {
  std::lock_guard<std::mutex> holdFrom(from.mu);
  std::lock_guard<std::mutex> holdTo(to.mu); // expect: lock-order-inversion "Account::mu of checking -> Account::mu of savings -> Account::mu of checking"
  from.balance -= amount;
  to.balance += amount;
}

Account checking;
Account savings;

int main() {
  std::thread first([] { transfer(checking, savings, 10); });
  std::thread second([] { transfer(savings, checking, 20); });
  first.join();
  second.join();
  std::printf("%d %d\n", checking.balance, savings.balance);
}
