// compared-but-not-ordered.cpp: a comparison decides about something else than the order of the locks.
#include <functional>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 0;
};

Account a, b;
thread_local int comparisons = 0;

void transfer(Account &from, Account &to, int amount) {
  bool less = std::less<Account *>()(&from, &to);
  if (less)
    ++comparisons;
  {
    std::lock_guard<std::mutex> outer(from.mu);
    std::lock_guard<std::mutex> inner(to.mu); // expect: lock-order-inversion "Account::mu"
    from.balance -= amount;
    to.balance += amount;
  }
}

int main() {
  std::thread one([] { transfer(a, b, 1); }), two([] { transfer(b, a, 1); });
  one.join();
  two.join();
}
