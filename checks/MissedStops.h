// MissedStops: threads that are told to stop and joined, but not woken.
#pragma once

#include "checks/Describe.h"

#include <vector>

namespace threadlint {

/// Joins of a thread that waits on a condition variable while a flag is tested: the joining function has changed the flag before, and
/// nobody notifies that condition variable for it.
std::vector<Finding> missedStops(const Analysis &analysis, const Describer &describer);

} // namespace threadlint
