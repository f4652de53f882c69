// Resolve: a trace of one process in places and names, with its cycles judged.
#pragma once

#include "tracer/report/TraceResult.h"

#include <functional>

namespace threadlint::tracing {

struct ResolveOptions {
  CycleLimits limits;
  /// Places instead of the symbolizer's, for tests: the calls at a position in Trace::code.
  std::function<std::vector<SiteFrame>(std::uint32_t)> frames;
};

TraceResult resolveTrace(const Trace &trace, const ResolveOptions &options = {});

/// Whether a call lies in the standard library or a system header: never the place a report is about.
bool isForeign(const SiteFrame &frame);

} // namespace threadlint::tracing
