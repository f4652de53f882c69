// RunOptions: what `threadlint-trace run` was asked for, on the command line and in THREADLINT_TRACE_OPTIONS.
#pragma once

#include "tracer/run/Watch.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace threadlint::trace {

struct RunOptions {
  std::vector<std::string> outputs;       ///< FORMAT[:PATH]; PATH may have %p
  std::vector<std::string> reportOptions; ///< handed on to `report` as they are
  std::string traceFile;                  ///< keep the trace file here; empty: no
  std::optional<int> exitCode; ///< instead of the target's status, when there is a finding
  WatchOptions watch;
  std::vector<std::string> runtime; ///< key=value for the library
  std::vector<std::string> command;
};

struct RunOptionsResult {
  RunOptions options;
  std::string error; ///< empty on success
  bool isHelp = false;
};

/// `environment` is THREADLINT_TRACE_OPTIONS (may be null); the command line wins.
RunOptionsResult parseRunOptions(std::span<const std::string> arguments, const char *environment);
extern const char *const kRunHelp;

} // namespace threadlint::trace
