// Run: the parts that the commands share.
//
//   Options --> project root, sources --> facts --> analysis --> report --> outputs, summary, exit code
#pragma once

#include "analyzer/cli/Environment.h"
#include "analyzer/cli/Options.h"
#include "analyzer/extract/Extract.h"
#include "analyzer/facts/TuFacts.h"
#include "analyzer/report/Baseline.h"
#include "analyzer/report/Selection.h"
#include "tracer/report/TraceResult.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace threadlint {

/// What stays fixed during one run.
struct Run {
  const Options &options;
  const Environment &environment;
  std::string root;                ///< absolute project root
  tracing::TraceResult trace = {}; ///< of --trace; paths are absolute
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  /// The end of --total-timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline() const;
  /// A note on standard error, unless --quiet.
  void note(const std::string &message) const;
};

/// The facts of a run, and what they were made from.
struct RunFacts {
  std::vector<TuFacts> tus;
  std::vector<CompileCommand> commands; ///< empty when the facts came from files
  std::vector<TuFacts> companions;      ///< of sources read beside the selected ones
};

/// Checks what can be checked before the long work: the project root, outputs, checks, suppressions.
llvm::Expected<Run> startRun(const Options &options, const Environment &environment);

llvm::Expected<TuFacts> readFactsFile(const std::string &path);

/// From sources or, with Options::fromFacts, from facts files.
llvm::Expected<RunFacts> collectFacts(const Run &run);

/// Extracts in worker processes and shows progress. File names are relative to `root`.
llvm::Expected<std::vector<TuFacts>>
extractWithProgress(const Run &run, const std::vector<CompileCommand> &commands,
                    const std::string &root);

/// Whether a limitation made these facts incomplete.
bool isIncomplete(const TuFacts &facts);
bool isStrict(const Run &run);

/// What --checks, --min-confidence and the suppressions select.
llvm::Expected<SelectionOptions> selectionOf(const Run &run, const std::vector<TuFacts> &tus);

/// Analyses; the baseline is not applied yet. Of `companions` only what concerns `tus` is shown.
llvm::Expected<Report> makeReport(const Run &run, std::vector<TuFacts> tus,
                                  std::vector<TuFacts> companions = {});

/// A report without findings: version, root, rules.
Report emptyReport(const Run &run);

/// Writes every output. `writeJson` replaces the writer of the native format.
llvm::Error writeOutputs(const Run &run, const Report &report,
                         const std::function<std::string(const Report &)> &writeJson = {});
void printSummary(const Run &run, const Report &report);

/// Lint and link: facts, analysis, baseline, outputs, summary. The exit code.
llvm::Expected<int> lint(const Run &run);

} // namespace threadlint
