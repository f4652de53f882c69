// A library class, no main: one method guards the field with the object's mutex, another writes
// it without.
#include <mutex>

class Account {
public:
  void deposit(int amount);
  int balance() const;
  void reset();

private:
  mutable std::mutex mu_;
  int balance_ = 0;
};

void Account::deposit(int amount) {
  std::lock_guard<std::mutex> guard(mu_);
  balance_ += amount;
}

int Account::balance() const {
  std::lock_guard<std::mutex> guard(mu_);
  return balance_;
}

void Account::reset() {
  balance_ = 0; // expect: data-race
}
