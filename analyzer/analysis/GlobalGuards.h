// GlobalGuards: global locks that are there for callbacks which code outside the program runs in threads of its own.
//
// Such a lock is held at every write of some data and at half of its places or more, but fewer than two threads in view take it.
// A judgement on the intent behind the lock: evidence for a conflict between two of those callbacks, nothing else.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <set>

namespace threadlint {

class GlobalGuards {
public:
  GlobalGuards(const Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  /// The guards of what all these accesses go to.
  std::set<Term> of(const std::vector<const Access *> &accesses);

private:
  const Engine &engine_;
  const ThreadModel &model_;
  std::map<Term, unsigned> takers_;
  /// How many of the threads in view take a lock; one that is parallel with itself counts twice.
  unsigned takers(Term lock);
};

} // namespace threadlint
