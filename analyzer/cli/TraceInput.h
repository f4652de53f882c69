// TraceInput: traces that the user named, and how they enter a report.
#pragma once

#include "analyzer/cli/Run.h"

namespace threadlint {

/// Record files, folders with record files (whatever their names), and JSON reports of `threadlint-trace`, joined. Paths in it are absolute.
llvm::Expected<tracing::TraceResult> readTraces(const std::vector<std::string> &paths);

/// A record file or JSON report in memory; `path` is for messages.
llvm::Expected<tracing::TraceResult> readTraceBytes(const std::string &path,
                                                    std::string_view bytes);

/// Tells `report` of what only traces have.
void addTraceParts(const tracing::TraceResult &trace, const Run &run, Report &report);

/// Merges the run's trace into the analysis, and adds its parts to the report.
void addTrace(const Run &run, AnalysisResult &analysis, Report &report);

/// What a command about traces may do otherwise than the others.
struct TraceOutput {
  std::function<std::string(const Report &)> writeJson; ///< replaces the writer of that format
  std::function<bool(const Report &)> isWanted;         ///< false: neither outputs nor a summary
};

/// The rest of every command about traces: selection, baseline, gate, outputs, summary. The exit code.
llvm::Expected<int> finishTraceRun(const Run &run, AnalysisResult analysis,
                                   SelectionOptions selection, Report report,
                                   const TraceOutput &output = {});

} // namespace threadlint
