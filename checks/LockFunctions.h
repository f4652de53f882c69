// LockFunctions: functions that take or release a lock they are given, and do it for their caller.
//
// What is wrong with such a lock is wrong where the function is called: that is where a finding stands.
#pragma once

#include "analyzer/analysis/Analysis.h"

namespace threadlint {

/// Whether some way through a function returns a value.
bool givesResult(const FunctionFacts &facts);

/// Whether two locks are one field or variable, whatever they are a part of: a function that is given a wrapper class sees less.
bool isAlike(const Terms &terms, Term a, Term b);

/// The step of `witness` that takes or releases the lock as far as its function's author is concerned: the innermost one that is
/// not inside a function that does so to a lock it is given.
const Witness &takingStep(const Analysis &analysis, WitnessId witness);
const Witness &releasingStep(const Analysis &analysis, WitnessId witness);

/// Whether the step is in a function that does nothing but take locks, or give them back, and on some ways does not: its counterpart asks
/// the same, and what was asked does not change. Or one function stands on the way twice, and what it does the second time is a guess.
bool mayAskAgain(const Analysis &analysis, WitnessId step);

/// Whether a function on the way to where `lock` is taken calls, before it returns with it at `left`, another one that gives such a lock
/// back only if something says so that the function which takes it writes down: the number of its owner. Which ways it forgets cannot
/// be seen.
bool mayAskForOwner(const Analysis &analysis, Term lock, WitnessId taken, WitnessId left);

/// Whether the step, which takes a lock or gives it back, is made only where a flag was found that is written next to it where it is taken
/// and where it is given back: who looks at the flag knows whether the lock is held.
bool isToldByFlag(const Analysis &analysis, WitnessId step);

/// Whether the function that takes a lock a second time gives back, on another way to there, one that its caller has: it tells by
/// something that cannot be followed whether it is the first call or a later one.
bool isPassedFromCallToCall(const Analysis &analysis, Term lock, WitnessId first, WitnessId second);

/// Whether the step, which takes a lock or gives it back, is behind a call through a pointer that is tested or that leads to several
/// functions, and another function that is called through a pointer does the opposite: the two pointers are set together.
bool isByHook(const Analysis &analysis, Term lock, WitnessId step);

/// Where a function that took a lock on the way `taken` has returned with it, before the step `later`, although it gives it back on
/// another way that its callers cannot tell from this one; kNoWitness when there is none.
WitnessId leakingReturn(const Analysis &analysis, WitnessId taken, WitnessId later);

/// Where `thread` took `lock`, which it holds at the step `inner`. Contexts are shared by all who hold the same locks, so what they
/// remember (`recorded`) may be another's way: then it is the acquisition of this thread that lies on the way to `inner`.
WitnessId takenBefore(const Analysis &analysis, const ThreadInstance &thread, Term lock,
                      WitnessId inner, WitnessId recorded);
/// The same for the lock that an edge starts from.
WitnessId takenBefore(const Analysis &analysis, const LockEdge &edge);

/// The calls on the way to the step `inner` that do not lead to `outer` as well, each function counted: what comes between taking one
/// lock and taking another.
unsigned callsBetween(const Analysis &analysis, WitnessId outer, WitnessId inner);

/// Whether the lock that an edge starts from is held only because a function forgot it: the forgetting is the defect, and reported.
bool isLeaked(const Analysis &analysis, const LockEdge &edge);

} // namespace threadlint
