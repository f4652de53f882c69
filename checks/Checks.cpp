// Checks: the table of Checks.def and the run of every check over one linked program.
#include "checks/Checks.h"

#include "analyzer/analysis/Analysis.h"
#include "analyzer/program/Program.h"
#include "checks/CheckFunctions.h"

#include <algorithm>
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

} // namespace

std::span<const CheckInfo> allChecks() { return kChecks; }

AnalysisResult analyzeProgram(std::vector<TuFacts> tus) {
  AnalysisResult result;
  Analysis analysis = analyze(link(std::move(tus)));
  const Program &program = *analysis.program;
  for (auto *check :
       {dataRace, lockOrderInversion, selfDeadlock, unjoinedThread, lockLeak, unlockNotHeld})
    for (Finding &finding : check(analysis))
      result.findings.push_back(std::move(finding));
  for (Finding &finding : lostWakeup(analysis))
    result.findings.push_back(std::move(finding));
  dropExplained(result.findings);
  auto order = [](const Finding &f) {
    return std::tie(f.place, f.check, f.fingerprint, f.message);
  };
  std::sort(result.findings.begin(), result.findings.end(),
            [&](const Finding &a, const Finding &b) { return order(a) < order(b); });
  // Instances of one template say one thing.
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
  return result;
}

} // namespace threadlint
