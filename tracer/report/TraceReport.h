// TraceReport: the result of traces as findings, in the words of the static checks.
//
// Cycles of locks are `lock-order-inversion`, cycles with a join `wait-deadlock`, a lock taken twice `self-deadlock`; `stall` is a wait for a
// thread that sleeps. Fingerprints are made of checks and functions, so another run, or another build, gives the same ones.
#pragma once

#include "analyzer/report/Report.h"
#include "tracer/report/TraceResult.h"

namespace threadlint::tracing {

/// The finding that a cycle is; pruned ones too, for the list of those.
Finding describeCycle(const TraceResult &result, const ObservedCycle &cycle);
Finding describeHang(const TraceResult &result, const ObservedHang &hang);

/// Every unpruned cycle and every hang, sorted like those of the static analysis.
std::vector<Finding> traceFindings(const TraceResult &result);

/// The lock order that was seen, by the locks' names, sorted.
std::vector<LockOrderEdge> traceLockOrder(const TraceResult &result);

/// Pruned cycles and observations, in one sentence each.
std::vector<ObservationReport> traceObservations(const TraceResult &result);

/// Findings, lock order, observations and limitations as one analysis gives them.
AnalysisResult traceAnalysis(const TraceResult &result);

/// The checks that only traces have.
std::vector<Rule> traceRules();

} // namespace threadlint::tracing
