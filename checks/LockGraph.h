// LockGraph: which locks are taken while which others are held, by the names the user knows; drawn, never judged.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

namespace threadlint {

/// Fills `lockOrder` and `lockSites`, with the same names in both.
///
/// One edge per pair of locks, sorted, with the first acquisition in source order. Locks of one name that are known to be two have names
/// that say where they come from; locks behind pointers are one node per class. Try-acquisitions, the members of one std::lock and locks
/// that may not be held make none, except for a cycle.
///
/// One site for every place that takes a lock, sorted. The place is where a function that locks for its caller is called.
void addLockGraph(const Analysis &analysis, AnalysisResult &result);

} // namespace threadlint
