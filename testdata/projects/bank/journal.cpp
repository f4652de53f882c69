// journal.cpp: takes the journal's lock, then the account's: the other half of an inversion no single file shows.
#include "bank.h"

Journal journal;

void Journal::note(int amount) {
  std::lock_guard guard(mutex_);
  total_ += amount;
}

void Journal::audit() {
  std::lock_guard guard(mutex_);
  total_ = 0;
  account.reconcile();
}
