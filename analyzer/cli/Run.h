// Run: the parts that the commands share.
//
//   Options --> project root, sources --> facts --> analysis --> report --> outputs, summary, exit code
#pragma once

#include "analyzer/cli/Environment.h"
#include "analyzer/cli/Options.h"
#include "analyzer/cli/Watchdog.h"
#include "analyzer/extract/Extract.h"
#include "analyzer/facts/TuFacts.h"
#include "analyzer/report/Baseline.h"
#include "analyzer/report/Selection.h"
#include "tracer/report/TraceResult.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace threadlint {

/// What stays fixed during one run.
struct Run {
  const Options &options;
  const Environment &environment;
  std::string root;                ///< absolute project root, without symbolic links
  tracing::TraceResult trace = {}; ///< of --trace; paths are absolute
  SelectionOptions selection = {}; ///< what does not depend on the facts
  std::optional<VersionControl> versionControl =
      {}; ///< as the run began; only when a format asks for it
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  /// The end of --total-timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline() const;
  /// Why the run has to come to its end now, if it has to.
  EndReason endReason() const;
  /// A note on standard error, unless --quiet.
  void note(const std::string &message) const;
};

struct Sources {
  std::vector<CompileCommand> commands;
  std::string database; ///< absolute; empty: the commands were made up from flags
};

/// The facts of a run, and what they were made from.
struct RunFacts {
  std::vector<TuFacts> tus;
  std::vector<TuFacts> companions; ///< of sources read beside the selected ones
  Sources sources;                 ///< nothing when the facts came from files
};

/// Checks what can be checked before the long work: the project root, outputs, checks, suppressions.
llvm::Expected<Run> startRun(const Options &options, const Environment &environment);

llvm::Expected<TuFacts> readFactsFile(const std::string &path);

/// From sources or, with Options::fromFacts, from facts files.
llvm::Expected<RunFacts> collectFacts(const Run &run);
/// From the sources of this project or of an earlier state of it.
llvm::Expected<RunFacts> extractSources(const Run &run, Sources sources, const std::string &root);

/// Extracts in worker processes and shows progress. File names are relative to `root`.
llvm::Expected<std::vector<TuFacts>>
extractWithProgress(const Run &run, const std::vector<CompileCommand> &commands,
                    const std::string &root);

/// An error when an output would overwrite a file that these facts come from.
llvm::Error checkFactsSurvive(const Run &run, std::span<const TuFacts> tus);

/// The run ended early: some findings are missing, which a limitation says.
void markPartial(Report &report, EndReason reason);

/// Whether a limitation made these facts incomplete.
bool isIncomplete(const TuFacts &facts);
bool isStrict(const Run &run);

/// What --checks, --min-confidence and the suppressions select of these facts.
SelectionOptions selectionFor(const Run &run, const RunFacts &facts);

/// Consumes the facts. The analysis may come to an early end, which marks `report` as partial; when it has to be left, `report` is
/// written as it is and the process ends.
AnalysisResult analyzeWatched(const Run &run, RunFacts &facts, Report &report);

/// Analyses and consumes the facts; the baseline is not applied yet. Of companions only what concerns the others is shown.
llvm::Expected<Report> makeReport(const Run &run, RunFacts &facts);

/// Where the page of a check is published; empty when the user did not say.
std::string pageAddress(const Run &run, std::string_view check);

/// The run is about what the report of an earlier run is about, unless the user says where that is now.
void takeRootOf(Run &run, const Report &report);

/// A report without findings: version, root, rules.
Report emptyReport(const Run &run);

/// Writes every output. `writeJson` replaces the writer of the native format.
llvm::Error writeOutputs(const Run &run, const Report &report,
                         const std::function<std::string(const Report &)> &writeJson = {});
void printSummary(const Run &run, const Report &report);

/// Lint and link: facts, analysis, baseline, outputs, summary. The exit code.
llvm::Expected<int> lint(const Run &run);

} // namespace threadlint
