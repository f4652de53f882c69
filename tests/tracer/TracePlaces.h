// TracePlaces: hand-written traces with places: step i of buildTrace stands in f<thread>.c at line 10 * (i + 1), column 5.
#pragma once

#include "tests/tracer/TraceBuilder.h"
#include "tracer/report/Resolve.h"

namespace threadlint::tracing {

/// The result of a hand-written trace; files are under `folder`, which ends in '/'. Column 0 when `hasColumns` is false.
inline TraceResult resolveSteps(const std::string &steps, const std::string &folder = "src/",
                                std::uint32_t column = 5) {
  Trace trace = buildTrace(steps);
  trace.program = "/bin/app";
  ResolveOptions options;
  options.frames = [&](std::uint32_t code) {
    auto line = static_cast<std::uint32_t>(trace.code[code].address / 100);
    return std::vector<SiteFrame>{
        {{folder + "f.c", line, column, 0, 0}, "f" + std::to_string(line)},
        {{folder + "main.c", 7, 1, 0, 0}, "run"}};
  };
  return resolveTrace(trace, options);
}

} // namespace threadlint::tracing
