// bank.h: two accounts, a journal, and two threads that use them; the example of `./dev lint`.
#pragma once

#include <mutex>

class Journal {
public:
  void note(int amount);
  void audit();

private:
  std::mutex mutex_;
  long total_ = 0;
};

class Account {
public:
  void deposit(int amount);
  void reconcile();

private:
  std::mutex mutex_;
  long balance_ = 0;
  friend class Journal;
};

extern Account account;
extern Journal journal;
extern int operations;
