// TraceJson: the report of traces as JSON (docs/reference/trace.schema.json), and back.
//
// The document is the analyzer's report with more members: `pruned`, and what the cycles are made of, so that `threadlint merge` works from
// it as well as from the record file, also where the traced program's files are not.
#pragma once

#include "analyzer/report/Report.h"
#include "tracer/report/TraceResult.h"

#include <string>
#include <string_view>

namespace threadlint::tracing {

inline constexpr unsigned kTraceSchemaVersion = 1;

std::string writeTraceJson(const Report &report, const TraceResult &result);

struct TraceJsonReadResult {
  TraceResult result;
  std::string error; ///< empty on success
};

/// Paths are absolute again. Numbers that lead nowhere are an error.
TraceJsonReadResult readTraceJson(std::string_view text);

} // namespace threadlint::tracing
