// LockGraphSvg: the lock-order graph as a picture, for reports without the graph libraries.
#pragma once

#include "analyzer/report/Finding.h"

#include <string>
#include <vector>

namespace threadlint {

/// An svg element; empty without edges. Locks stand on a circle, in order of their names; cycles are red.
std::string lockGraphSvg(const std::vector<LockOrderEdge> &edges);

} // namespace threadlint
