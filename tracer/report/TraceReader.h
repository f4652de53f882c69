// TraceReader: the record file of one process as a Trace.
//
// A file of a process that was killed, or still runs, gives what was published. References that lead nowhere are dropped and counted in
// Trace::remarks, so no file makes a reader crash. Only a file that is none of ours, of another version or cut off in its tables is an error.
#pragma once

#include "tracer/report/Trace.h"

#include <string>
#include <string_view>

namespace threadlint::tracing {

struct TraceReadResult {
  Trace trace;
  std::string error; ///< empty on success
};

/// Whether the bytes begin like a record file, of any version.
bool looksLikeRecord(std::string_view bytes);

TraceReadResult readTrace(std::string_view bytes);

} // namespace threadlint::tracing
