// LockGraph: which locks are taken while which others are held, by the names the user knows; drawn, never judged.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

#include <vector>

namespace threadlint {

/// One edge per pair of locks, sorted, with the first acquisition in source order. Locks of one name that are known to be two have names
/// that say where they come from; locks behind pointers are one node per class. Try-acquisitions, the members of one std::lock and locks
/// that may not be held make none, except for a cycle.
std::vector<LockOrderEdge> lockGraph(const Analysis &analysis);

/// Every place that takes a lock, sorted. The place is where a function that locks for its caller is called.
std::vector<LockSite> lockSites(const Analysis &analysis);

} // namespace threadlint
