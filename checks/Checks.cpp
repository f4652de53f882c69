// Checks: the table of Checks.def and the run of every check over one linked program.
#include "checks/Checks.h"

#include "analyzer/analysis/Analysis.h"
#include "analyzer/program/Program.h"
#include "checks/CheckFunctions.h"
#include "checks/LockGraph.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace threadlint {
namespace {

constexpr CheckInfo kChecks[] = {
#define CHECK(id, severity, maturity, cwe, summary)                                                \
  {id, Severity::severity, Maturity::maturity, cwe, summary},
#include "checks/Checks.def"
#undef CHECK
};

using CheckFunction = std::vector<Finding> (*)(const Analysis &);

/// One cause, one check: what the earlier check explains, the later one does not repeat.
void dropExplained(std::vector<Finding> &findings) {
  std::set<std::pair<std::string, std::uint32_t>> deadlocks;
  for (const Finding &finding : findings)
    if (finding.check == "self-deadlock" && finding.confidence == Confidence::High)
      for (const ThreadTrace &thread : finding.threads)
        for (const TraceStep &step : thread.path)
          deadlocks.emplace(step.place.file, step.place.line);
  std::erase_if(findings, [&](const Finding &finding) {
    return finding.check == "lock-leak" &&
           deadlocks.count({finding.place.file, finding.place.line});
  });
}

const char *describe(Cut cut) {
  switch (cut) {
  case Cut::Accesses:
    return "more accesses to shared data than are kept: data races among the others are missed";
  case Cut::Acquisitions:
    return "more lock acquisitions than are kept: deadlocks among the others are missed";
  case Cut::Stores:
    return "more stores of pointers than are kept: what the others point to is not known";
  case Cut::Spawns:
    return "more thread creations than are kept: the other threads are not analysed";
  case Cut::Exits:
    return "more ways out than are kept apart: what is held at the others is not known";
  case Cut::Iterations:
    return "a loop whose states did not settle: they are incomplete";
  case Cut::CallDepth:
    return "a chain of calls longer than is followed: what lies deeper is not seen";
  case Cut::Targets:
    return "a call with more possible targets than are followed: none of them is";
  case Cut::Threads:
    return "more threads than are told apart: the others are not analysed";
  case Cut::Signals:
    return "more signals to waiting threads than are kept: deadlocks by waiting are not reported";
  case Cut::Releases:
    return "more releases of locks beside running threads than are kept: locks order nothing there";
  case Cut::Conflicts:
    return "more accesses to one variable or field than are compared: some data races are missed";
  case Cut::Notifications:
    return "more calls that lead to one wait or one notification than are compared: some lost "
           "wake-ups are missed";
  case Cut::Cycles:
    return "more lock orders than cycles are searched for in: deadlocks of more than two or three "
           "locks are missed";
  }
  return "";
}

/// One limitation for each limit that was reached, at the first of the functions it was reached in.
void addCuts(const Analysis &analysis, std::vector<LimitationReport> &limitations) {
  const Program &program = *analysis.program;
  for (const auto &[cut, functions] : analysis.engine->cuts) {
    const FunctionFacts *first = nullptr;
    for (FunctionId id : functions) {
      const FunctionFacts &facts = program.functions[id].facts;
      auto order = [&](const FunctionFacts &f) {
        return std::tuple(program.files[f.range.file], f.range.line, f.range.column);
      };
      if (!first || order(facts) < order(*first))
        first = &facts;
    }
    LimitationReport report;
    report.kind = "cut";
    report.message = "'" + std::string(program.text(first->name)) + "'";
    if (functions.size() > 1)
      report.message += " and " + std::to_string(functions.size() - 1) + " more function" +
                        (functions.size() > 2 ? "s" : "");
    report.message += functions.size() > 1 ? " have " : " has ";
    report.message += describe(cut);
    report.place = Place{program.files[first->range.file], first->range.line, first->range.column,
                         first->range.endLine, first->range.endColumn};
    limitations.push_back(std::move(report));
  }
}

} // namespace

std::span<const CheckInfo> allChecks() { return kChecks; }

AnalysisResult analyzeProgram(std::vector<TuFacts> tus, const AnalyzeOptions &options) {
  AnalysisResult result;
  Analysis analysis = analyze(link(std::move(tus)), options.stop);
  const Program &program = *analysis.program;
  result.isComplete = analysis.isComplete;
  auto run = [&](std::initializer_list<CheckFunction> checks) {
    for (CheckFunction check : checks)
      for (Finding &finding : check(analysis))
        result.findings.push_back(std::move(finding));
  };
  run({
      dataRace,
      lockOrderInversion,
      selfDeadlock,
      unlockNotHeld,
      callbackUnderLock,
  });
  // These say that nobody does something: nothing is known of threads that were not looked at.
  if (analysis.hasAllThreads)
    run({
        unjoinedThread,
        lockLeak,
        waitDeadlock,
        lostWakeup,
    });
  dropExplained(result.findings);
  auto order = [](const Finding &f) {
    return std::make_tuple(std::cref(f.place), std::cref(f.check), f.confidence, f.threads.size(),
                           std::cref(f.fingerprint), std::cref(f.message));
  };
  std::sort(result.findings.begin(), result.findings.end(),
            [&](const Finding &a, const Finding &b) { return order(a) < order(b); });
  // Instances of one template say one thing; the surest of several is told, with the fewest threads.
  std::set<std::tuple<Place, std::string>> seen;
  std::erase_if(result.findings,
                [&](const Finding &f) { return !seen.emplace(f.place, f.check).second; });
  for (const Limitation &limitation : program.limitations) {
    LimitationReport report;
    report.kind = program.text(limitation.kind);
    report.message = program.text(limitation.message);
    report.place =
        Place{program.files[limitation.range.file], limitation.range.line, limitation.range.column,
              limitation.range.endLine, limitation.range.endColumn};
    report.incomplete = limitation.incomplete;
    result.limitations.push_back(std::move(report));
  }
  addCuts(analysis, result.limitations);
  std::sort(result.limitations.begin(), result.limitations.end());
  for (const Suppression &suppression : program.suppressions) {
    SuppressionReport report;
    report.kind = static_cast<std::uint8_t>(suppression.kind);
    report.file = program.files[suppression.file];
    report.line = suppression.line;
    for (StringId glob : suppression.globs)
      report.globs.emplace_back(program.text(glob));
    result.suppressions.push_back(std::move(report));
  }
  std::sort(result.suppressions.begin(), result.suppressions.end());
  if (options.withLockGraph)
    addLockGraph(analysis, result);
  return result;
}

} // namespace threadlint
