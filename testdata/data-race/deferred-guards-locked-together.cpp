// std::lock takes the locks of two deferred guards.
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mu;
  long balance = 100;
};

Account checking;
Account savings;

void transfer(Account &from, Account &to) {
  std::unique_lock<std::mutex> first(from.mu, std::defer_lock);
  std::unique_lock<std::mutex> second(to.mu, std::defer_lock);
  std::lock(first, second);
  --from.balance;
  ++to.balance;
}

int main() {
  std::thread other([] { transfer(checking, savings); });
  transfer(savings, checking);
  other.join();
  std::printf("%ld %ld\n", checking.balance, savings.balance);
}
