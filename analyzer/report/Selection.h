// Selection: which findings of an analysis a report shows.
//
// Pure: the same result and options give the same report. Order is kept. Suppressed and low-confidence findings are counted,
// findings of other checks or excluded files are not.
#pragma once

#include "analyzer/report/Report.h"

#include <set>
#include <string>
#include <vector>

namespace threadlint {

struct SelectionOptions {
  std::set<std::string, std::less<>> checks; ///< bare ids
  Confidence minConfidence = Confidence::High;
  std::vector<std::string> excludes; ///< path globs: findings there are left out
  std::vector<std::string>
      headerFilters; ///< path globs for files that are no TU's main file; empty = all
  std::set<std::string, std::less<>> mainFiles;
};

/// Moves what is shown from `result` into `report` and counts what is not.
void selectFindings(AnalysisResult result, const SelectionOptions &options, Report &report);

} // namespace threadlint
