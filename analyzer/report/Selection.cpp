// Selection: one pass; cheap tests first.
#include "analyzer/report/Selection.h"

#include "analyzer/report/Glob.h"
#include "analyzer/report/Suppressions.h"

#include <algorithm>

namespace threadlint {
namespace {

bool matchesAny(const std::vector<std::string> &globs, const std::string &path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string &glob) { return matchesPath(glob, path); });
}

bool isInScope(const Finding &finding, const SelectionOptions &options) {
  const std::string &file = finding.place.file;
  return options.checks.contains(finding.check) && !matchesAny(options.excludes, file) &&
         (options.headerFilters.empty() || options.mainFiles.contains(file) ||
          matchesAny(options.headerFilters, file));
}

} // namespace

void selectFindings(AnalysisResult result, const SelectionOptions &options, Report &report) {
  Suppressions suppressions(std::move(result.suppressions));
  for (Finding &finding : result.findings) {
    if (!isInScope(finding, options))
      continue;
    if (suppressions.cover(finding.check, finding.place.file, finding.place.line))
      ++report.suppressed;
    else if (finding.confidence > options.minConfidence)
      ++report.lowConfidence;
    else
      report.findings.push_back(std::move(finding));
  }
  report.limitations = std::move(result.limitations);
  report.lockOrder = std::move(result.lockOrder);
}

} // namespace threadlint
