// Checks: the list of checks and the one entry that runs them over linked facts.
//
// Checks.def is the single list; names in outputs, `--list-checks`, docs and clang-tidy come from it.
#pragma once

#include "analyzer/analysis/StopRequest.h"
#include "analyzer/facts/TuFacts.h"
#include "analyzer/report/Finding.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

enum class Maturity : std::uint8_t { Preview, Stable, Deprecated };

struct CheckInfo {
  std::string_view id; ///< bare
  Severity severity;
  Maturity maturity;
  std::uint32_t cwe;
  std::string_view summary;
};

/// Every check, in the order of Checks.def.
std::span<const CheckInfo> allChecks();

struct AnalyzeOptions {
  bool withLockGraph = false; ///< fill AnalysisResult::lockOrder and lockSites
  const StopFlag *stop = nullptr;
};

/// Links the TUs into programs (one per `main`, a library when there is none), analyses them and runs every check.
/// The result does not depend on the order of `tus`. `tus` is consumed.
AnalysisResult analyzeProgram(std::vector<TuFacts> tus, const AnalyzeOptions &options = {});

} // namespace threadlint
