// Analysis: runs the stages in order.
#include "analyzer/analysis/Analysis.h"

namespace threadlint {

Analysis analyze(Program program, const StopFlag *stop) {
  Analysis result;
  result.program = std::make_unique<Program>(std::move(program));
  result.engine = std::make_unique<Engine>(*result.program, stop);
  result.model = std::make_unique<ThreadModel>(*result.engine);
  result.hasAllThreads = !result.engine->isStopped();
  result.conflicts = findConflicts(*result.engine, *result.model);
  result.cycles = findLockCycles(*result.engine, *result.model);
  result.isComplete = !result.engine->isStopped();
  return result;
}

} // namespace threadlint
