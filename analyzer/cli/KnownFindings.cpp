// KnownFindings: baseline first, revision second.
#include "analyzer/cli/KnownFindings.h"

#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/Revision.h"
#include "analyzer/report/Escapes.h"

#include <llvm/Support/raw_ostream.h>

#include <utility>

namespace threadlint {
namespace {

constexpr std::size_t kNamedEntries = 10;

/// Leaves the findings that the revision does not have; its findings of every confidence count as known. Of a partial run nobody knows
/// what is new, so nothing is shown.
llvm::Error subtractRevision(const Run &run, const KnownFindings &known, const Sources &sources,
                             Report &report) {
  const std::string &commit = known.revision;
  std::vector<ReportedFinding> findings = std::exchange(report.findings, {});
  Baseline before;
  if (!known.scratch)
    markPartial(report, run.endReason());
  if (!report.isPartial) {
    llvm::Expected<Baseline> found =
        findingsAtRevision(run, commit, sources, *known.scratch, report);
    if (!found && run.endReason() == EndReason::None)
      return found.takeError();
    if (found)
      before = std::move(*found);
    else
      markPartial(report, run.endReason()), llvm::consumeError(found.takeError());
  }
  if (report.isPartial) {
    report.limitations.push_back({"not-compared",
                                  "findings are not shown: which of them are new is not known "
                                  "because " +
                                      commit.substr(0, 12) + " was not analysed completely",
                                  {},
                                  true});
    return llvm::Error::success();
  }
  report.findings = std::move(findings);
  applyBaseline(before, report);
  return llvm::Error::success();
}

} // namespace

llvm::Expected<Baseline> readBaselineFile(const std::string &path) {
  llvm::Expected<std::string> content = readInputFile(path);
  if (!content)
    return content.takeError();
  BaselineReadResult result = readBaseline(*content);
  if (!result.error.empty())
    return failure("cannot read the baseline '" + path + "': " + result.error);
  return std::move(result.baseline);
}

bool sawEverything(const Run &run, const Report &report) {
  // Filters that a configuration file has are the project's idea of itself; those of one run leave something out.
  bool narrowed =
      (!run.options.fromFacts && !run.options.fixedFlags && !run.options.inputs.empty()) ||
      run.options.areIncludesTyped || run.options.areExcludesTyped;
  return !narrowed && report.incompleteCount == report.missingSubmodules && !report.isPartial;
}

llvm::Error dropUnseen(const Run &run, const Report &report, Baseline &stale) {
  if (!sawEverything(run, report))
    stale.clear();
  auto checks = selectChecks(run.options.checks);
  if (!checks)
    return checks.takeError();
  std::erase_if(stale, [&](const BaselineEntry &entry) { return !checks->contains(entry.check); });
  return llvm::Error::success();
}

llvm::Expected<KnownFindings> prepareKnownFindings(const Run &run) {
  KnownFindings known;
  if (!run.options.baselinePath.empty()) {
    llvm::Expected<Baseline> baseline = readBaselineFile(run.options.baselinePath);
    if (!baseline)
      return baseline.takeError();
    known.baseline = std::move(*baseline);
  }
  bool isMergeBase = !run.options.newFromMergeBase.empty();
  const std::string &name = isMergeBase ? run.options.newFromMergeBase : run.options.newFromRev;
  if (!name.empty()) {
    noteInterruptions();
    const Git git({run.deadline(), nullptr});
    llvm::Expected<std::string> commit =
        isMergeBase ? mergeBase(git, run.root, name) : commitOf(git, run.root, name);
    if (!commit && run.endReason() == EndReason::None)
      return commit.takeError();
    if (!commit) { // the report will say so
      llvm::consumeError(commit.takeError());
      known.revision = name;
      return known;
    }
    known.revision = std::move(*commit);
    llvm::Expected<ScratchFolder> scratch = ScratchFolder::make("revision");
    if (!scratch)
      return scratch.takeError();
    known.scratch.emplace(std::move(*scratch));
  }
  return known;
}

llvm::Expected<std::size_t> setKnownFindingsAside(const Run &run, const KnownFindings &known,
                                                  const Sources &sources, Report &report) {
  Baseline stale;
  if (known.baseline)
    stale = applyBaseline(*known.baseline, report);
  if (!known.revision.empty() && (!report.findings.empty() || report.isPartial))
    if (llvm::Error error = subtractRevision(run, known, sources, report))
      return std::move(error);
  if (known.baseline && run.options.staleBaseline == StaleBaseline::Error &&
      !sawEverything(run, report))
    run.note("the run did not see the whole program, so stale entries of the baseline were not "
             "looked for");
  if (llvm::Error error = dropUnseen(run, report, stale))
    return std::move(error);
  if (stale.empty() || run.options.staleBaseline == StaleBaseline::Ignore)
    return 0;
  bool isError = run.options.staleBaseline == StaleBaseline::Error;
  llvm::errs() << "threadlint: " << (isError ? "error: " : "warning: ")
               << counted(stale.size(), "entry", "entries") << " of the baseline '"
               << onOneLine(run.options.baselinePath) << "' "
               << (stale.size() == 1 ? "is stale" : "are stale")
               << ", 'threadlint baseline prune' removes " << (stale.size() == 1 ? "it" : "them")
               << ":\n";
  for (std::size_t i = 0; i < stale.size() && i < kNamedEntries; ++i)
    llvm::errs() << "  threadlint-" << stale[i].check << " in " << onOneLine(stale[i].file)
                 << (stale[i].function.empty() ? "" : ", '" + onOneLine(stale[i].function) + "'")
                 << '\n';
  if (stale.size() > kNamedEntries)
    llvm::errs() << "  and " << stale.size() - kNamedEntries << " more\n";
  return stale.size();
}

} // namespace threadlint
