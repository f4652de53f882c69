// SettledFlags: globals that are set once and stay set, and steps that stand behind their setting on every way.
//
// `int threaded; ... main() { threaded = 1; start(); }`: nobody stores anything else, so whoever runs after main has passed the store
// finds the flag set. Read off the facts, by dominance inside functions and through the calls that every way makes.
// Left out: fields, and flags whose address is taken.
#pragma once

#include "analyzer/program/Program.h"

#include <map>
#include <optional>

namespace threadlint {

class SettledFlags {
public:
  explicit SettledFlags(const Program &program) : program_(program) {}

  /// Whether nothing but constants other than zero is ever stored in a flag, beside what it starts with.
  bool isRaisedForGood(VarId flag);
  /// Whether each way to a step of a function passes a store to the flag, or finds it set.
  bool isSetBefore(FunctionId function, const SourceRange &step, VarId flag);
  /// Whether what runs before main, or when the library is loaded, surely sets the flag; `except` is not asked.
  bool isSetAtStartup(VarId flag, FunctionId except);

private:
  const Program &program_;
  std::optional<std::vector<std::uint8_t>> stores_; ///< by variable
  std::map<std::pair<FunctionId, VarId>, bool> always_;
  std::optional<std::vector<FunctionId>> startups_;
  static bool raises(const FunctionFacts &facts, const Event &event);
  bool isSetAlways(FunctionId function, VarId flag, unsigned depth);
  bool sets(const FunctionFacts &facts, const Event &event, VarId flag, unsigned depth);
  std::vector<bool> reachedUnset(const FunctionFacts &facts, VarId flag, unsigned depth);
};

} // namespace threadlint
