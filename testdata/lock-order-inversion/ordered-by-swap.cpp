// ordered-by-swap.cpp: the two pointers are put in order before their locks are taken.
#include <mutex>
#include <thread>
#include <utility>

struct Account {
  std::mutex mu;
  int balance = 0;
};

Account a, b;

void transfer(Account &from, Account &to, int amount) {
  Account *first = &from, *second = &to;
  if (first > second)
    std::swap(first, second);
  std::lock_guard<std::mutex> outer(first->mu);
  std::lock_guard<std::mutex> inner(second->mu);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  std::thread one([] { transfer(a, b, 1); }), two([] { transfer(b, a, 1); });
  one.join();
  two.join();
}
