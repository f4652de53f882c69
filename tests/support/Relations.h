// Relations: the analysis' results for a program text of FactsBuilder, as short strings to compare in tables.
//
// Everything is sorted, so a string says what the relation is and not how it was found. Locks and locations have the names of a report.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "checks/Checks.h"

#include <string>
#include <string_view>

namespace threadlint {

Analysis analyzeText(std::string_view text);

/// Every recorded access with the locks held there, `x{m}`; a shared lock is `m'`, one lost by a forced join `m?`.
std::string lockStates(std::string_view text);

/// Ways out of a function: `return{+held -released}`, with `=n` where the result is a known number; `throw{...}`, `exit{...}`.
std::string exitsOf(std::string_view text, std::string_view function);

/// Locations of accesses that may happen in parallel in two threads: `x|y`, and `x|x` for two threads' accesses to one.
std::string parallelPairs(std::string_view text);

/// What every access may denote: `p=a,b`, by the name before and the names after points-to.
std::string resolvedAccesses(std::string_view text);

/// Locations in conflict: `x`, with `?` for medium and `??` for low confidence.
std::string conflictsOf(std::string_view text);

/// Lock-order cycles `a>b`, each from its least name on; `?` for medium confidence.
std::string cyclesOf(std::string_view text);

/// Findings of high and medium (`?`) confidence: `data-race@7`, 7 the line.
std::string findingsOf(std::string_view text);

} // namespace threadlint
