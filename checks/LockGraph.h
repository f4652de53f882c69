// LockGraph: which locks are taken while which others are held, by the names the user knows; drawn, never judged.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

#include <vector>

namespace threadlint {

/// One edge per pair of names, sorted, with the first acquisition in source order. Try-acquisitions, the members of one std::lock and locks
/// that may not be held make none, except for a cycle.
std::vector<LockOrderEdge> lockGraph(const Analysis &analysis);

} // namespace threadlint
