// Analysis: the relations of a linked program, computed once and shared by all checks.
#pragma once

#include "analyzer/analysis/Conflicts.h"
#include "analyzer/analysis/LockOrder.h"
#include "analyzer/analysis/ThreadModel.h"

#include <memory>

namespace threadlint {

struct Analysis {
  std::unique_ptr<Program> program;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<ThreadModel> model;
  std::vector<Conflict> conflicts;
  std::vector<LockCycle> cycles;
};

Analysis analyze(Program program);

} // namespace threadlint
