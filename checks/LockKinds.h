// LockKinds: whether a lock is re-entrant, from its type, its initialiser and every attribute it is initialised with.
#pragma once

#include "analyzer/analysis/Analysis.h"

#include <map>

namespace threadlint {

class LockKinds {
public:
  explicit LockKinds(const Analysis &analysis);
  /// Normal only when nothing says otherwise.
  LockAttribute of(Term lock) const;
  /// Whether it is an object of the program's own class with `lock` and `unlock`, in which no one lock was found: it may as well count.
  bool isOwnClass(Term lock) const;

private:
  const Analysis &analysis_;
  std::map<Term, LockAttribute> byLocation_;
  std::map<FieldId, LockAttribute> byField_;
  bool anyUnusual_ = false;
};

} // namespace threadlint
