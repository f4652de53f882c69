// lock-of-another-object.cpp: each thread holds a lock of the class, but not of the same object: the message tells the two apart.
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 0;
};

Account mine, yours;

void pay(Account &locked, Account &paid) {
  std::lock_guard guard(locked.mu);
  ++paid.balance; // expect: data-race "holding 'Account::mu of mine' and written in 'pay' by another thread holding 'Account::mu of yours'"
}

int main() {
  std::thread first([] { pay(mine, mine); });
  std::thread second([] { pay(yours, mine); });
  first.join();
  second.join();
}
