// ordered-by-std-less.cpp: std::less says which of the two locks comes first.
#include <functional>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 0;
};

Account a, b;

void transfer(Account &from, Account &to, int amount) {
  if (std::less<Account *>()(&from, &to)) {
    std::lock_guard<std::mutex> outer(from.mu);
    std::lock_guard<std::mutex> inner(to.mu);
    from.balance -= amount;
    to.balance += amount;
  } else {
    std::lock_guard<std::mutex> outer(to.mu);
    std::lock_guard<std::mutex> inner(from.mu);
    from.balance -= amount;
    to.balance += amount;
  }
}

int main() {
  std::thread one([] { transfer(a, b, 1); }), two([] { transfer(b, a, 1); });
  one.join();
  two.join();
}
