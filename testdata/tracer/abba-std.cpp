// abba-std.cpp: the same with std::mutex and guards, in the forms that have wrappers around wrappers.
// finds: lock-order-inversion
#include <chrono>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  int balance = 0;
};
static Account first, second;

static void move(Account &from, Account &to, int amount) {
  std::lock_guard<std::mutex> guard(from.mutex);
  std::unique_lock<std::mutex> other(to.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  std::thread one([] { move(first, second, 1); });
  std::thread two([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    move(second, first, 1);
  });
  one.join();
  two.join();
  return first.balance;
}
