// Analysis: runs the stages in order.
#include "analyzer/analysis/Analysis.h"

namespace threadlint {

Analysis analyze(Program program) {
  Analysis result;
  result.program = std::make_unique<Program>(std::move(program));
  result.engine = std::make_unique<Engine>(*result.program);
  result.model = std::make_unique<ThreadModel>(*result.engine);
  result.conflicts = findConflicts(*result.engine, *result.model);
  result.cycles = findLockCycles(*result.engine, *result.model);
  return result;
}

} // namespace threadlint
