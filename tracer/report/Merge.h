// Merge: what traces say about the findings of the static analysis, and the other way round the names of the traces' locks.
//
//   AnalysisResult (static) + TraceResult  =>  AnalysisResult: each lock finding with evidence, runtime-only findings, both lock orders
//
// The key is the place of an acquisition: file, line and, where the debug information has columns that agree with clang's, column. Two
// places of one line are told apart by their order when the columns do not agree. A file matches by its path under the project root, or,
// when the program was built elsewhere, by that path at the end of its own.
// The places name the locks of the trace; an order between two locks is the finding's when it is at its places or, since a finding tells only
// one way of many, between the locks of its names.
// A finding that is confirmed gets high confidence; one that is contradicted loses a step, and is still shown.
#pragma once

#include "analyzer/report/Finding.h"
#include "tracer/report/TraceResult.h"

namespace threadlint::tracing {

/// `result` has paths relative to the same root. Its locks get the static names.
void mergeTrace(AnalysisResult &analysis, TraceResult &result);

} // namespace threadlint::tracing
