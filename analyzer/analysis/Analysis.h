// Analysis: the relations of a linked program, computed once and shared by all checks.
#pragma once

#include "analyzer/analysis/Conflicts.h"
#include "analyzer/analysis/LockOrder.h"
#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <memory>
#include <optional>
#include <set>

namespace threadlint {

/// What a function does to locks.
struct LockSteps {
  bool takes = false, givesBack = false, writes = false; ///< writes anything
  std::vector<bool> locks{};                             ///< by block: takes or gives back there
};

struct Analysis {
  std::unique_ptr<Program> program;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<ThreadModel> model;
  std::vector<Conflict> conflicts;
  std::vector<LockCycle> cycles;
  bool hasAllThreads = true; ///< else stopped: what a missing thread does not do proves nothing
  bool isComplete = true;    ///< else stopped: conflicts and cycles may be missing
  // Kept by LockFunctions.
  mutable std::unordered_map<FunctionId, bool> takesForCaller;
  mutable std::unordered_map<FunctionId, LockSteps> lockSteps;
  mutable std::optional<std::map<FieldId, std::set<FieldId>>> flagsOfLocks; ///< by lock
};

/// Ends early, with what is found by then, soon after `stop` asks for it.
Analysis analyze(Program program, const StopFlag *stop = nullptr);

} // namespace threadlint
