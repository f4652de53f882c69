// CheckFunctions: one pure function of the analysis per row of Checks.def.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

#include <vector>

namespace threadlint {

std::vector<Finding> dataRace(const Analysis &analysis);
std::vector<Finding> lostWakeup(const Analysis &analysis);
std::vector<Finding> lockOrderInversion(const Analysis &analysis);
std::vector<Finding> selfDeadlock(const Analysis &analysis);
std::vector<Finding> unjoinedThread(const Analysis &analysis);
std::vector<Finding> lockLeak(const Analysis &analysis);
std::vector<Finding> unlockNotHeld(const Analysis &analysis);
std::vector<Finding> waitDeadlock(const Analysis &analysis);
std::vector<Finding> callbackUnderLock(const Analysis &analysis);

} // namespace threadlint
