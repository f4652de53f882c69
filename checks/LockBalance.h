// LockBalance: how far it is known what functions leave held, and what they give back.
//
// Whether a lock is held after a call hangs on the ways through the callee. Where the author left that to a guard, to a function that
// sometimes takes the lock, or to many functions at once, a way that seems to lose the lock is more often one that was misread.
// Judgements for the confidence of the checks of locks.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

#include <map>
#include <string>
#include <vector>

namespace threadlint {

/// Whether an object takes the lock for its scope on the part of the way `taken` that lies in or below the function `frame`: a guard of the
/// library, or a class whose destructor gives a lock back.
bool isTakenByGuard(const Analysis &analysis, WitnessId taken, FunctionId frame);

/// Whether the lock is taken more than one call below `frame`, by functions that do not all return with it whatever happens: each of them
/// tells its caller by a result, or by what the caller knows. That is more than is followed well.
bool isTakenFarAndMaybe(const Analysis &analysis, WitnessId taken, FunctionId frame);
/// Whether every function that `frame` calls on the way `taken` returns with the lock whatever happens in it.
bool isTakenForSure(const Analysis &analysis, WitnessId taken, FunctionId frame);

/// The function in which the ways to two acquisitions part, or kNone when the second lies inside the first call.
FunctionId partingFunction(const Analysis &analysis, WitnessId first, WitnessId second);

/// The variable or the field that a lock is; empty for one that is known by a pointer alone.
std::string lockNamed(const Terms &terms, Term lock);
/// One lock that so many functions seem to forget would have stopped the program long ago: these findings get medium confidence.
/// `locks` has the lock for each fingerprint (lockNamed).
void doubtMany(std::vector<Finding> &findings, const std::map<std::string, std::string> &locks);

} // namespace threadlint
