// Report: what one run shows, in every format.
//
//   AnalysisResult  =>  selection (checks, confidence, paths, NOLINT)  =>  Report  =>  writers
//
// A plain value. Writers are functions from a Report to bytes; none of them decides what is shown.
#pragma once

#include "analyzer/report/Finding.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

struct Report {
  std::string toolVersion;
  std::string root; ///< absolute; findings' files are relative to it
  std::vector<Finding> findings;
  std::vector<LimitationReport> limitations;
  std::size_t suppressed = 0;      ///< findings hidden by NOLINT
  std::size_t lowConfidence = 0;   ///< findings below --min-confidence
  std::size_t tuCount = 0;         ///< translation units analysed
  std::size_t incompleteCount = 0; ///< of them with a parse error, crash or timeout
};

std::string_view nameOf(Severity severity);
std::string_view nameOf(Confidence confidence);

/// "3 findings (2 races, 1 inversion) in 39 TUs, 1 incomplete".
std::string summaryLine(const Report &report);

} // namespace threadlint
