// LintCommand: the main job, from sources to the report in one process tree.
#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/SourceSelection.h"

#include <llvm/Support/raw_ostream.h>

namespace threadlint {

llvm::Expected<int> runLint(const Options &options, const Environment &environment) {
  if (auto checks = selectChecks(options.checks); !checks)
    return checks.takeError(); // before the long work
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<SelectedSources> sources = selectSources(options, environment, run->root);
  if (!sources)
    return sources.takeError();
  if (!sources->remark.empty() && !options.quiet)
    llvm::errs() << "threadlint: note: " << sources->remark << '\n';
  llvm::Expected<std::vector<TuFacts>> facts = extractWithProgress(*run, sources->commands);
  if (!facts)
    return facts.takeError();
  return analyzeAndReport(*run, std::move(*facts));
}

} // namespace threadlint
