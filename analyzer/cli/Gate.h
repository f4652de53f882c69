// Gate: what a finding counts, and the exit code.
#pragma once

#include "analyzer/cli/Options.h"
#include "analyzer/report/Report.h"

namespace threadlint {

/// Overrides of --severity, then --warnings-as-errors.
llvm::Error applySeverities(std::vector<Finding> &findings, const Options &options);

/// Whether not one file was analysed completely, so that no findings say nothing. Under --no-strict a file with compiler errors is
/// good enough, but not one of which nothing is known.
bool hasNothingWhole(const Report &report, const Options &options);

/// Findings with less evidence than --min-evidence do not count. 3 before --error-exitcode before 0. A partial run is never clean, nor is one that ran out of memory or analysed no file completely. `hasStaleBaseline` counts under --baseline-stale=error.
int gateExitCode(const Report &report, const Options &options, std::size_t staleCount);

} // namespace threadlint
