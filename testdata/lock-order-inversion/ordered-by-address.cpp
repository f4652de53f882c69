// The account with the lower address is locked first, whatever the direction of the transfer.
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 100;
};

void transfer(Account &from, Account &to, int amount) {
  if (&from < &to) {
    from.mu.lock();
    to.mu.lock();
  } else {
    to.mu.lock();
    from.mu.lock();
  }
  from.balance -= amount;
  to.balance += amount;
  from.mu.unlock();
  to.mu.unlock();
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
