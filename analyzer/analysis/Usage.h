// Usage: what all accesses to one field or variable tell of how it is meant to be used.
//
// A lock that one access of many holds guards something else. What only functions of the interface set, and threads of the library
// only read, is set up before they start, unless a loop of theirs waits for it.
// Judgements for the confidence of a conflict.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <optional>
#include <set>

namespace threadlint {

class Usage {
public:
  Usage(Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  /// The accesses that the questions are about.
  void clear();
  void note(ThreadId thread, const Access &access) { accesses_.push_back({thread, &access}); }

  /// Whether such a lock is held at few of the places, and some write does without it.
  bool isRarelyUnder(Term lock);
  /// Whether it is an option of a library.
  bool isSetting();
  /// Whether a loop is left because of what the access reads, in its own function or in one that is told by what a call gives.
  bool endsLoop(const Access &access);
  /// Whether all but this access, which does without the lock, hold it at most places, and every write does.
  bool isForgotten(const Access &open, Term lock) const;

private:
  struct Use {
    ThreadId thread;
    const Access *access;
  };
  Engine &engine_;
  const ThreadModel &model_;
  std::vector<Use> accesses_;
  std::optional<bool> isSetting_;
  std::map<Term, bool> isRarelyUnder_; ///< by lock
  bool isUnder(const Access &access, Term lock) const;
};

} // namespace threadlint
