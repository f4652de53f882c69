// InferredLocks: lock functions recognised by their name pair when nobody shows their body.
//
// `platformLockAcquire(l)` and `platformLockRelease(l)`, declared but defined elsewhere, called with one argument each: their
// calls become Acquire and Release events. A pair that takes no argument, `LOCK_STATS()` and `UNLOCK_STATS()`, has one lock of its
// own. The rule asks for a pair of opposite verbs with an equal rest of the name that speaks of a lock, both called in the program
// and neither defined in it. A single such function counts when every caller uses it as the missing half of a known one: it
// releases the same lock with `pthread_mutex_unlock`, say, and does not take it otherwise.
#pragma once

#include "analyzer/program/Program.h"

namespace threadlint {

void inferLockFunctions(Program &program);
/// Classes with a constructor that takes a lock and a destructor, both without a body in view, and the name of a guard, hold the lock
/// as long as they live.
void inferGuardClasses(Program &program);

} // namespace threadlint
