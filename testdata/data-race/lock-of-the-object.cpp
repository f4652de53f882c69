// lock-of-the-object.cpp: as lock-of-another-object.cpp, but both threads hold the lock of the object that they change.
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  int balance = 0;
};

Account mine, yours;

void pay(Account &locked, Account &paid) {
  std::lock_guard guard(locked.mu);
  ++paid.balance;
}

int main() {
  std::thread first([] { pay(mine, mine); });
  std::thread second([] { pay(mine, mine); });
  first.join();
  second.join();
  pay(yours, yours);
}
