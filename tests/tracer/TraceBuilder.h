// TraceBuilder: hand-written traces in a line or two.
//
//   buildTrace("T1 lock A;T1 lock B;T2 lock B;T2 lock A")
//
// Steps: "T1 lock A", "T1 unlock A", "T1 try A", "T1 timed A", "T1 rlock R", "T1 reacquire M" (after a wait that held other locks),
// "T1 start T2", "T1 join T2", "T1 hb T2" (what T1 did comes before what T2 does from now on), "kind R rwlock", "T1 wants A" (waits for
// ever), "hang T1 T2", "self T1". Every step is a call site of its own.
#pragma once

#include "tracer/report/Trace.h"

#include <string>

namespace threadlint::tracing {

/// Step i (0-based) has the address 1000 * (i + 1), in a module without a file.
Trace buildTrace(const std::string &steps);

} // namespace threadlint::tracing
