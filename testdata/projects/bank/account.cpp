// account.cpp: takes the account's lock, then (through the journal) the journal's.
#include "bank.h"

#include <thread>

Account account;
int operations = 0;

void Account::deposit(int amount) {
  std::lock_guard guard(mutex_);
  balance_ += amount;
  journal.note(amount);
}

void Account::reconcile() {
  std::lock_guard guard(mutex_); // expect: lock-order-inversion
  balance_ -= 1;
}

void clerk() {
  for (int i = 0; i < 1000; ++i) {
    account.deposit(i);
    ++operations; // expect: data-race "operations"
  }
}

int main() {
  std::thread worker(clerk);
  for (int i = 0; i < 1000; ++i) {
    journal.audit();
    ++operations;
  }
  worker.join();
  return operations == 2000 ? 0 : 1;
}
