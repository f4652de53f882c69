// A library class, no main: the private method takes no lock because each public method holds it
// at the call.
#include <mutex>

class Account {
public:
  Account() { balance_ = 100; }
  void deposit(int amount);
  void withdraw(int amount);

private:
  void add(int amount);

  std::mutex mu_;
  int balance_;
};

void Account::add(int amount) { balance_ += amount; }

void Account::deposit(int amount) {
  std::lock_guard<std::mutex> guard(mu_);
  add(amount);
}

void Account::withdraw(int amount) {
  std::lock_guard<std::mutex> guard(mu_);
  add(-amount);
}
