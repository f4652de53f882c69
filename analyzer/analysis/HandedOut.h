// HandedOut: the objects that a library makes and hands to its users, and what users do with them.
//
// A public function makes an object, starts a thread for it and returns it: what other public functions are called with may be that
// object. And a thread that one of them joins by a handle in the object is the thread that was started for it.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace threadlint {

/// Pairs of terms that are assumed to be one, of the first and of the second side.
using Bases = std::vector<std::pair<Term, Term>>;

class HandedOut {
public:
  HandedOut(Engine &engine, ThreadModel &model) : engine_(engine), model_(model) {}

  /// Whether `pointee`, which the public function of `caller` reaches from its arguments, may be the object that the thread `user` of the
  /// library knows: the function that started it has handed that object out.
  bool mayBe(ThreadId user, Term object, ThreadId caller, Term pointee);
  /// Whether a step with this context has joined the thread, when the bases are one; `isFirst` says that the thread's base comes first.
  bool hasJoined(const Context &context, ThreadId thread, const Bases &bases, bool isFirst);
  /// Whether the public function joins the thread at some time.
  bool joins(ThreadId caller, ThreadId thread, const Bases &bases, bool isFirst);

private:
  Engine &engine_;
  ThreadModel &model_;
  std::map<FunctionId, std::set<Term>> objects_; ///< by public function: in its own terms
  const std::set<Term> &objectsOf(const ThreadInstance &root);
  void addObjects(Term value, std::set<Term> &objects, unsigned depth = 0) const;
  bool isAmong(const std::vector<Term> &joined, ThreadId thread, const Bases &bases, bool isFirst);
};

} // namespace threadlint
