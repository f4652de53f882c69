// Gate: pure functions of the report and the options.
#include "analyzer/cli/Gate.h"

#include "analyzer/cli/CheckSelection.h"

#include <algorithm>

namespace threadlint {

llvm::Error applySeverities(std::vector<Finding> &findings, const Options &options) {
  std::set<std::string, std::less<>> asErrors;
  if (!options.warningsAsErrors.empty()) {
    auto selected = selectChecks(options.warningsAsErrors);
    if (!selected)
      return selected.takeError();
    asErrors = std::move(*selected);
  }
  for (Finding &finding : findings) {
    if (auto place = options.severities.find(finding.check); place != options.severities.end())
      finding.severity = place->second;
    if (finding.severity == Severity::Warning && asErrors.contains(finding.check))
      finding.severity = Severity::Error;
  }
  return llvm::Error::success();
}

namespace {

bool ranOutOfMemory(const Report &report) {
  return std::any_of(report.limitations.begin(), report.limitations.end(),
                     [](const LimitationReport &limitation) {
                       return limitation.incomplete && limitation.kind == "memory";
                     });
}

} // namespace

bool hasNothingWhole(const Report &report, const Options &options) {
  if (report.tuCount == 0)
    return false;
  const bool mayBeBroken = options.strictness == Strictness::Lenient;
  return (mayBeBroken ? report.failedCount : report.incompleteCount - report.missingSubmodules) ==
         report.tuCount;
}

int gateExitCode(const Report &report, const Options &options, std::size_t staleCount) {
  if (report.isPartial || (isIncomplete(report) && report.isStrict) || ranOutOfMemory(report) ||
      hasNothingWhole(report, options))
    return 3;
  bool gates = staleCount > 0 && options.staleBaseline == StaleBaseline::Error;
  for (const ReportedFinding &finding : report.findings) {
    if (options.minEvidence &&
        (!finding.evidence || finding.evidence->verdict < *options.minEvidence))
      continue;
    switch (options.failOn) {
    case FailOn::Error:
      gates |= finding.severity == Severity::Error;
      break;
    case FailOn::Warning:
      gates |= finding.severity <= Severity::Warning;
      break;
    case FailOn::Note:
      gates = true;
      break;
    case FailOn::Never:
      break;
    }
  }
  return gates && !options.exitZero ? static_cast<int>(options.errorExitCode) : 0;
}

} // namespace threadlint
