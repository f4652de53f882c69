// Selection: which findings of an analysis a report shows.
//
// Pure but for the sources it reads the reasons of comments from: the same result and options give the same report. Order is kept.
// Suppressed and low-confidence findings are counted, findings of other checks or excluded files are not.
#pragma once

#include "analyzer/report/Report.h"
#include "analyzer/report/SourceText.h"
#include "analyzer/report/SuppressionRules.h"

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
  std::vector<SuppressionRule> suppressionRules;
  bool skipGenerated = false; ///< leave out findings in files with a generator's mark
  bool requireReason =
      false;               ///< a suppression without a reason hides nothing, which the report says
  bool tellUnused = false; ///< the report names suppressions that hid nothing
  bool showSuppressed = false; ///< keep suppressed findings in Report::setAside
  std::set<std::string, std::less<>>
      companions; ///< files nobody asked about: findings that only speak of them are left out
};

/// Moves what is shown from `result` into `report` and counts what is not.
void selectFindings(AnalysisResult result, const SelectionOptions &options, Report &report);

} // namespace threadlint
