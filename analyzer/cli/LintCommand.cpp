// LintCommand: the main job, from sources, or from facts extracted before, to the report in one process tree.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Run.h"

namespace threadlint {

llvm::Expected<int> runLint(const Options &options, const Environment &environment) {
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  return lint(*run);
}

} // namespace threadlint
