// BaselineCommand: `threadlint baseline create | update | prune | show FILE [arguments of a run]`.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Run.h"

#include <algorithm>
#include <filesystem>

namespace threadlint {
namespace {

llvm::Expected<int> show(const Baseline &baseline, const Environment &environment) {
  std::string text;
  for (const BaselineEntry &entry : baseline)
    text += entry.file + ": threadlint-" + entry.check +
            (entry.function.empty() ? "" : " in '" + entry.function + "'") + " [" +
            entry.fingerprint + "]\n";
  text += std::to_string(baseline.size()) + (baseline.size() == 1 ? " entry\n" : " entries\n");
  if (llvm::Error error = writeStandardOutput(text, environment))
    return std::move(error);
  return 0;
}

} // namespace

llvm::Expected<int> runBaseline(const Options &options, const Environment &environment) {
  const std::string &path = options.baselinePath;
  BaselineAction action = options.baselineAction;
  Baseline old;
  std::error_code ignored;
  if (action == BaselineAction::Create) {
    if (std::filesystem::exists(path, ignored))
      return failure("'" + path + "' is there already: 'threadlint baseline update' changes it");
    if (llvm::Error error = checkWritable(path))
      return std::move(error);
  } else {
    llvm::Expected<Baseline> read = readBaselineFile(path);
    if (!read)
      return read.takeError();
    old = std::move(*read);
  }
  if (action == BaselineAction::Show)
    return show(old, environment);

  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<RunFacts> facts = collectFacts(*run);
  if (!facts)
    return facts.takeError();
  llvm::Expected<Report> report = makeReport(*run, *facts);
  if (!report)
    return report.takeError();

  // What a run did not look at is not gone.
  bool mayDrop = sawEverything(*run, *report);
  Baseline stale = applyBaseline(old, *report);
  if (llvm::Error error = dropUnseen(*run, *report, stale))
    return std::move(error);
  Baseline baseline; // what is kept does not change its text
  std::set_difference(old.begin(), old.end(), stale.begin(), stale.end(),
                      std::back_inserter(baseline));
  std::size_t kept = baseline.size();
  if (action != BaselineAction::Prune)
    for (const ReportedFinding &finding : report->findings)
      baseline.push_back(baselineEntry(finding));
  std::size_t added = baseline.size() - kept;
  if (llvm::Error error = writeOutputFile(path, writeBaseline(std::move(baseline))))
    return std::move(error);
  if (!mayDrop && action != BaselineAction::Create)
    run->note("the run did not see the whole program, so no entry was removed");
  run->note("'" + path + "': " + std::to_string(added) + " added, " + std::to_string(stale.size()) +
            " removed, " + std::to_string(kept) + " kept");
  bool incomplete = report->isPartial || (isIncomplete(*report) && report->isStrict);
  return incomplete ? 3 : 0;
}

} // namespace threadlint
