// Gate: what a finding counts, and the exit code.
#pragma once

#include "analyzer/cli/Options.h"
#include "analyzer/report/Report.h"

namespace threadlint {

/// Overrides of --severity, then --warnings-as-errors.
llvm::Error applySeverities(std::vector<Finding> &findings, const Options &options);

/// Findings with less evidence than --min-evidence do not count. 3 before --error-exitcode before 0. A partial run is never clean. `hasStaleBaseline` counts under --baseline-stale=error.
int gateExitCode(const Report &report, const Options &options, std::size_t staleCount);

} // namespace threadlint
